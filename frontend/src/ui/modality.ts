/** Whether the person used the keyboard last: then the focus goes along with what opens. */

let isKeyboard = false;

export function followModality(page: Document): void {
  page.addEventListener(
    "keydown",
    () => {
      isKeyboard = true;
    },
    true,
  );
  page.addEventListener(
    "pointerdown",
    () => {
      isKeyboard = false;
    },
    true,
  );
}

export function usedKeyboard(): boolean {
  return isKeyboard;
}
