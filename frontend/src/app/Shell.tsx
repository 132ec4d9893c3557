import { Suspense, useEffect, useRef, useState } from "react";
import { NavLink, Outlet, useLocation, useNavigation } from "react-router";

import { useSession } from "../api/session";
import { t } from "../text";
import { Loading } from "../ui/parts";
import { Icon, Mark } from "./icons";
import { ENTRIES } from "./navigation";
import { Reachable } from "./Reachable";
import { Stopped } from "./Stopped";
import { useWaiting } from "./waiting";
import { Who } from "./Who";

/** What stands around every page: the menu, who is signed in, and whether the hub answers. */
export function Shell(): React.JSX.Element {
  const { pathname } = useLocation();
  const navigation = useNavigation();
  const isDesigner = pathname.endsWith("/design");
  const main = useRef<HTMLElement>(null);
  const seen = useRef(pathname);
  useEffect(() => {
    if (seen.current === pathname) return;
    seen.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <div className={`shell${isDesigner ? " compact" : ""}`}>
      <a className="skip" href="#content">
        {t("Skip to the content")}
      </a>
      <Rail />
      <TopBar />
      <div className="beside">
        <Reachable />
        <Stopped />
        <div className={`progress${navigation.state === "loading" ? " on" : ""}`} aria-hidden="true" />
        <main id="content" tabIndex={-1} ref={main} className={isDesigner ? "designer-page" : undefined}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  );
}

function Brand(): React.JSX.Element {
  return (
    <NavLink className="brand" to="/" aria-label={t("Lockgate, home")}>
      <Mark />
      <span>Lockgate</span>
    </NavLink>
  );
}

/** The menu beside the page, on wide windows. */
function Rail(): React.JSX.Element {
  return (
    <aside className="rail">
      <Brand />
      <Menu />
      <Who />
    </aside>
  );
}

/** A bar with a button for the menu, on narrow windows. */
function TopBar(): React.JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  const drawer = useRef<HTMLDialogElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    drawer.current?.close();
  }, [pathname]);
  return (
    <header className="topbar">
      <Brand />
      <button
        type="button"
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        onClick={() => {
          drawer.current?.showModal();
          setIsOpen(true);
        }}
      >
        <Icon name="menu" />
        {t("Menu")}
      </button>
      <dialog
        ref={drawer}
        className="drawer"
        aria-label={t("Menu")}
        onClose={() => {
          setIsOpen(false);
        }}
        onClick={(event) => {
          if (event.target === drawer.current) drawer.current.close();
        }}
      >
        {isOpen ? (
          <div className="rail">
            <div className="title">
              <Brand />
              <div className="actions">
                <button type="button" className="small" onClick={() => drawer.current?.close()}>
                  {t("Close")}
                </button>
              </div>
            </div>
            <Menu />
            <Who />
          </div>
        ) : null}
      </dialog>
    </header>
  );
}

function Menu(): React.JSX.Element {
  const { may } = useSession();
  const waiting = useWaiting();
  return (
    <nav aria-label={t("Main")} className="menu">
      {ENTRIES.map((group) => (
        <ul key={group[0]?.to}>
          {group
            .filter((each) => may(each.verb))
            .map((each) => (
              <li key={each.to}>
                <NavLink to={each.to} end={each.to === "/"} title={t(each.title)}>
                  <Icon name={each.icon} />
                  <span>{t(each.title)}</span>
                  {waiting[each.to] ? (
                    <span className="count">
                      {waiting[each.to]}
                      <span className="hidden-visually"> {t("waiting for you")}</span>
                    </span>
                  ) : null}
                </NavLink>
              </li>
            ))}
        </ul>
      ))}
    </nav>
  );
}
