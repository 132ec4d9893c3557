// @vitest-environment jsdom
import { expect, test } from "vitest";

import { rolesInWords } from "../screens/admin/roles";
import { VERBS, verbInWords } from "../screens/admin/verbs";
import { pageOfUser } from "../screens/connections/words";
import { said, speak } from "./index";
import { scheduleInWords } from "./schedules";
import { lasted } from "./time";

const BEGAN = "2026-03-02T07:00:00.000Z";

test("German pages write lengths of time, schedules, roles and the audit trail in German", async () => {
  expect(lasted(BEGAN, "2026-03-02T07:00:02.130Z")).toBe("2.1 s");
  await speak("de");

  expect(lasted(BEGAN, "2026-03-02T07:00:02.130Z")).toBe("2,1 s");
  expect(scheduleInWords({ cron: "23 2 * * *", zone: "UTC" }, "At 02:23 every day (UTC)")).toBe(
    "Jeden Tag um 02:23 (UTC)",
  );
  expect(rolesInWords(["builder", "delegate"])).toBe("Gestalter, Delegierter");
  expect(verbInWords("plan.made")).toBe("Plan gemacht");
  expect(said("It may be applied")).toBe("Er darf angewendet werden");
  await speak("en");
});

test("a length of time is never rounded up to a whole minute of seconds", () => {
  expect(lasted(BEGAN, "2026-03-02T07:00:59.990Z")).toBe("59.9 s");
});

test("a verb that the pages do not know is shown as it is", () => {
  expect(verbInWords("moon.landed")).toBe("moon.landed");
  expect(Object.keys(VERBS)).toContain("run.started");
});

test("what uses a connection leads to a page that there is", () => {
  expect(pageOfUser({ type: "plan", id: "1", name: "Joiners" })).toBe("/plans/1");
  expect(pageOfUser({ type: "workflow", id: "1", name: "Joiners", slug: "joiners" })).toBe(
    "/workflows/joiners",
  );
  expect(pageOfUser({ type: "delegation scope", id: "1", name: "North" })).toBe("/delegates");
});
