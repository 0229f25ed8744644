/** Entry of every page: wires the modules to the document. Pages work without any of them. */

import { startDrafts } from "./drafts.js";
import { startHtmx } from "./requests.js";
import { startIdle } from "./idle.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startLook } from "./preferences.js";
import { startMenus } from "./menus.js";
import { startPalette } from "./palette.js";
import { startPanel } from "./panel.js";
import { startPicks } from "./picks.js";
import { startPrint } from "./print.js";
import { startRing } from "./ring.js";
import { startRows } from "./rows.js";
import { startSteady } from "./steady.js";
import { startTabs } from "./tabs.js";
import { startTimers } from "./timers.js";
import { startToasts } from "./toasts.js";
import { startWriting } from "./writing.js";

startHtmx();
startToasts();
startDrafts();
startKeys();
startPalette();
startRows();
startSteady();
startPicks();
startMenus();
startLook();
startPrint();
startTabs();
startTimers();
startRing();
startPanel();
startIdle();
startLive();
startWriting();
