/** German. The keys are the English texts. */
import { admin } from "./de/admin";
import { common } from "./de/common";
import { evidence } from "./de/evidence";
import { home } from "./de/home";
import { hub } from "./de/hub";
import { plans } from "./de/plans";
import { retention } from "./de/retention";
import { runs } from "./de/runs";
import { workflows } from "./de/workflows";

export const de = {
  ...admin,
  ...common,
  ...evidence,
  ...home,
  ...hub,
  ...plans,
  ...retention,
  ...runs,
  ...workflows,
} as const;
