/** Hands a text to the browser as a file. */
export function saved(name: string, text: string, type: string): void {
  savedAs(name, new Blob([text], { type }));
}

export function savedAs(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 1_000);
}
