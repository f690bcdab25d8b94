/**
 * What was: figures, lists and evidence over the rows of every wing. It reads, in the scope of whoever asks and by the
 * site's own time zone, and changes nothing.
 */
export { alarmsIn } from './alarms.ts';
export { callDetail, callsPage } from './calls.ts';
export {
  allContacts,
  attemptsPage,
  campaignHistory,
  campaignsPage,
  contactsPage,
  isCampaignIn,
  messagesPage,
  repliesPage,
  trunksFor,
  type ContactFigures,
  type ShortMessage,
} from './campaigns.ts';
export { ordersPage, type OrderFilter } from './orders.ts';
export { peoplePage } from './people.ts';
export { periodOf, type Period } from './period.ts';
export { agentFigures, queueFigures } from './queues.ts';
export { satisfaction } from './satisfaction.ts';
