import { useStore } from "@xyflow/react";

const GAP = 20;

/** The grid of dots behind the steps. It is moved, not drawn anew, while somebody pans: drawing it for each frame took
 * more than all that stands on it. */
export function Dots(): React.JSX.Element {
  const [x, y, zoom] = useStore((flow) => flow.transform);
  const size = GAP * zoom;
  return (
    <div className="dots" aria-hidden="true">
      <div
        style={{
          inset: `${String(-size)}px`,
          backgroundSize: `${String(size)}px ${String(size)}px`,
          transform: `translate(${String(x % size)}px, ${String(y % size)}px)`,
        }}
      />
    </div>
  );
}
