import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";

import { newClient } from "../api/asking";
import { followHub } from "../api/live";
import { SessionContext, sessionOf } from "../api/session";
import { preferredLanguage, speak } from "../text";
import { followModality } from "../ui/modality";
import "./app.css";
import { routes } from "./routes";
import { currentTheme, wear } from "./theme";

async function start(place: HTMLElement): Promise<void> {
  wear(currentTheme());
  followModality(document);
  const session = sessionOf(document);
  const client = newClient();
  await speak(preferredLanguage());
  followHub(client, session.me.workspace.slug);
  createRoot(place).render(
    <StrictMode>
      <SessionContext.Provider value={session}>
        <QueryClientProvider client={client}>
          <RouterProvider router={createBrowserRouter(routes)} />
        </QueryClientProvider>
      </SessionContext.Provider>
    </StrictMode>,
  );
}

const place = document.getElementById("app");
if (place) void start(place);
