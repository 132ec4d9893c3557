import { followLiveParts } from "./live";

followLiveParts(document, fetch.bind(window));
