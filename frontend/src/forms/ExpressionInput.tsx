/** Where an expression is written, without the "=" that marks it in the document. */
export function ExpressionInput({
  id,
  value,
  placeholder,
  isReadOnly,
  described,
  isWrong,
  onChange,
}: {
  id: string;
  value: string;
  placeholder: string;
  isReadOnly: boolean;
  described: string;
  isWrong: boolean;
  onChange: (text: string) => void;
}): React.JSX.Element {
  return (
    <div className="expression">
      <span aria-hidden="true">=</span>
      <textarea
        id={id}
        value={value}
        rows={Math.min(8, Math.max(1, value.split("\n").length, Math.ceil(value.length / 42)))}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        readOnly={isReadOnly}
        aria-describedby={described || undefined}
        aria-invalid={isWrong || undefined}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </div>
  );
}
