/** Entry of every page: wires the modules to the document. Pages work without any of them. */

import { startDrafts } from "./drafts.js";
import { startHtmx } from "./requests.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startLook } from "./preferences.js";
import { startMenus } from "./menus.js";
import { startPrint } from "./print.js";
import { startRing } from "./ring.js";
import { startTimers } from "./timers.js";
import { startToasts } from "./toasts.js";

startHtmx();
startToasts();
startDrafts();
startKeys();
startMenus();
startLook();
startPrint();
startTimers();
startRing();
startLive();
