export const texts = {
  'login.showPassword': '显示密码',
  'login.code': '动态验证码',
  'login.usernameMissing': '请输入用户名',
  'login.submit': '登录',
  'login.hint':
    '演示账号：admin、supervisor、office、agent1 至 agent6，密码在首次启动时显示，并保存在 data/demo-password 文件中。',
  'login.ownerPhone': '业主电话（演示）',
};
