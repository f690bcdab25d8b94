const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕',
];
const given = [
  ...['建华', '秀兰', '志强', '桂英', '伟', '芳', '娜', '敏', '静', '磊', '洋', '艳', '勇', '杰'],
  ...[
    '文博',
    '雨桐',
    '子涵',
    '浩然',
    '梓萱',
    '俊杰',
    '雅婷',
    '海燕',
    '国栋',
    '晓明',
    '玉梅',
    '春生',
  ],
  ...[
    '明辉',
    '丽娟',
    '思远',
    '佳怡',
    '永康',
    '淑珍',
    '天宇',
    '若曦',
    '振东',
    '慧玲',
    '立新',
    '凤霞',
  ],
];

/** The n-th name of an endless list of believable ones. */
export function demoName(n: number): string {
  const surname = surnames[(n * 7) % surnames.length] ?? '王';
  return surname + (given[(n * 11 + Math.floor(n / surnames.length)) % given.length] ?? '伟');
}
