/** German. The keys are the English texts. */
import { admin } from "./de/admin";
import { alerts } from "./de/alerts";
import { common } from "./de/common";
import { designer } from "./de/designer";
import { evidence } from "./de/evidence";
import { home } from "./de/home";
import { hub } from "./de/hub";
import { kinds } from "./de/kinds";
import { plans } from "./de/plans";
import { retention } from "./de/retention";
import { rules } from "./de/rules";
import { runs } from "./de/runs";
import { said } from "./de/said";
import { templates } from "./de/templates";
import { trail } from "./de/trail";
import { workflows } from "./de/workflows";

export const de = {
  ...admin,
  ...alerts,
  ...common,
  ...designer,
  ...evidence,
  ...home,
  ...hub,
  ...kinds,
  ...plans,
  ...retention,
  ...rules,
  ...runs,
  ...said,
  ...templates,
  ...trail,
  ...workflows,
} as const;
