export const texts = {
  'orderDo.accepted': '受理',
  'orderDo.dispatched': '派单',
  'orderDo.in_progress': '开始处理',
  'orderDo.done': '完成',
  'orderDo.confirmed': '业主确认',
  'orderDo.closed': '关闭',
  'orderDo.cancelled': '取消工单',
  'orderDo.new': '退回待受理',
  'orderStep.note': '备注',
  'orderStep.edit': '修改',
};
