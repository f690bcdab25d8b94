/** Work orders: raised by calls, followed until the owner says that the job is done. */
export { openOrders, raiseOrder, type NewOrder } from './orders.ts';
export { editOrder, moveOrder, noteOrder, type Actor, type OrderEdit } from './change.ts';
export { raiseForStaff, type StaffOrder } from './raise-for-staff.ts';
export { historyOf, orderIn, withPlaces } from './read.ts';
export { nextStates } from './transitions.ts';
export { WorkOrderChangedError, WorkOrderNotFoundError } from './work-order.errors.ts';
