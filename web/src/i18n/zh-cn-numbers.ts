/** 电话号码：谁担保，能不能拨。 */
export const numbersZh = {
  'phone.unverified': '号码未验证',
  'phone.unverifiedHelp':
    '这个号码只是来电方自称，没有运营商担保。请先核实身份，不要凭号码透露账单或住户信息。',
  'problem.dial.bad_number': '这不是有效的电话号码，请检查后重拨。',
  'problem.dial.international': '不能拨打国际号码；确有需要请联系管理员。',
  'problem.dial.premium': '不能拨打收费声讯台和卫星电话。',
  'problem.dial.emergency': '报警和急救电话只能由主管拨打，请立即告知主管。',
  'problem.dial.not_allowed': '不允许拨打这类号码。',
  'problem.dial.agent_limit': '您今天的外呼次数已用完。',
  'problem.dial.number_limit': '这个号码今天已拨打过多次，请明天再试。',
  'problem.dial.day_limit': '今天的外呼总量已用完，请联系主管。',
  'alarm.dial_spend': '外呼用量异常',
  'alarm.spend': '近一小时 {calls} 次，共 {minutes} 分钟',
  'alarm.nobody_reached': '紧急求助无人接应',
  'alarm.tried': '已呼叫值班电话 {count} 次',
  'alarm.noDutyPhone': '没有可呼叫的值班电话',
  'act.dial.refused': '拒绝拨号',
} as const;
