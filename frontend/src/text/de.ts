/** German. The keys are the English texts. */
import { common } from "./de/common";
import { home } from "./de/home";
import { hub } from "./de/hub";
import { runs } from "./de/runs";

export const de = { ...common, ...home, ...hub, ...runs } as const;
