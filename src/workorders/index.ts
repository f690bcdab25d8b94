/** Work orders: raised by calls, followed until the owner says that the job is done. */
export { openOrders, raiseOrder, type NewOrder } from './orders.ts';
