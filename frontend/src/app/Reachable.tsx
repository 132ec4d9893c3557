import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { Reach } from "../api/hub";
import { useSession } from "../api/session";
import { t } from "../text";

const PAUSE_MS = 3_000;

/** Says when the hub does not answer, or does not know the person any more; goes away when it does again. */
export function Reachable(): React.JSX.Element | null {
  const { hub } = useSession();
  const client = useQueryClient();
  const [reach, setReach] = useState<Reach>("answers");
  useEffect(() => {
    const stop = hub.onReach(setReach);
    const lost = (): void => {
      setReach("away");
    };
    window.addEventListener("offline", lost);
    return () => {
      stop();
      window.removeEventListener("offline", lost);
    };
  }, [hub]);
  useEffect(() => {
    if (reach !== "away") return;
    const timer = window.setInterval(() => {
      hub.get("me").then(
        () => client.invalidateQueries(),
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      window.clearInterval(timer);
    };
  }, [reach, hub, client]);
  if (reach === "answers") return null;
  if (reach === "signed-out") {
    const here = window.location.pathname + window.location.search;
    return (
      <div className="lost" role="alert">
        <p>{t("You are signed out. What you see may be old, and nothing more is saved.")}</p>
        <a className="button small" href={`/sign-in?next=${encodeURIComponent(here)}`}>
          {t("Sign in again")}
        </a>
      </div>
    );
  }
  return (
    <div className="lost" role="alert">
      <p>{t("The hub does not answer. What you see may be old; this page tries again by itself.")}</p>
    </div>
  );
}
