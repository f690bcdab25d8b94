import type { ArticleWords } from '../articles/change.ts';

type DemoArticle = Omit<ArticleWords, 'estateId'> & {
  /** Code of a demo estate; null for all. */
  estate: 'JX' | 'BJ' | null;
};

/** What a caller may hear before anybody has written anything. */
export const demoArticles: readonly DemoArticle[] = [
  {
    estate: 'JX',
    topic: 'estate_profile',
    title: '锦绣花园楼盘简介',
    body: `锦绣花园位于杭州市西湖区文三路388号，由8栋18层住宅组成，2016年交付，共五百余户。
小区绿化率35%，设有中心花园、儿童活动区、健身步道和地下车库，实行人车分流。
户型以两室和三室为主，建筑面积从89平方米到139平方米。物业服务中心设在3栋一层，每天8:00至20:00接待来访。`,
    titleEn: 'About Jinxiu Garden',
    bodyEn: `Jinxiu Garden stands at 388 Wensan Road in the West Lake district of Hangzhou. Its eight residential towers of eighteen floors were completed in 2016 and are home to more than five hundred families.
About a third of the grounds is planted. There is a central garden, a playground, a jogging path and an underground car park, and no cars drive between the buildings.
Most homes have two or three bedrooms, with floor areas from 89 to 139 square metres. The service office is on the ground floor of Building 3 and is open every day from 8 AM to 8 PM.`,
  },
  {
    estate: 'BJ',
    topic: 'estate_profile',
    title: '滨江一号楼盘简介',
    body: `滨江一号位于杭州市滨江区闻涛路1号，紧邻钱塘江，由4栋26层住宅组成，2020年交付。
每户均可从大堂直达地下车库，会所设有恒温泳池、健身房和会客厅。
管家中心全天24小时值班，访客请先在大堂登记。`,
    titleEn: 'About Riverside One',
    bodyEn: `Riverside One is at 1 Wentao Road in the Binjiang district of Hangzhou, right beside the Qiantang River. Its four towers of twenty-six floors were completed in 2020.
Every lobby leads straight to the underground car park, and the clubhouse has a heated pool, a gym and a lounge.
The concierge is on duty day and night. Visitors are asked to sign in at the lobby first.`,
  },
  {
    estate: null,
    topic: 'company',
    title: '物业公司介绍',
    body: `我们是一家从事住宅物业服务的企业，成立于2003年，目前在杭州管理多个住宅小区。
我们提供客户服务、公共秩序维护、保洁绿化、设施设备养护和房屋维修等服务，通过了质量、环境和职业健康三项管理体系认证。
我们承诺：来电三声之内接听，紧急报修15分钟内响应，每件投诉两个工作日内答复。`,
    titleEn: 'About the company',
    bodyEn: `We are a residential property service company, founded in 2003. Today we look after several housing estates in Hangzhou.
Our work covers customer service, security, cleaning and gardening, the upkeep of building equipment, and home repairs. Our quality, environmental and occupational health systems are certified.
We promise to answer your call within three rings, to respond to an emergency repair within fifteen minutes, and to reply to every complaint within two working days.`,
  },
  {
    estate: null,
    topic: 'decoration',
    title: '装修申请与注意事项',
    body: `装修开工前，请业主携带身份证、装修公司营业执照复印件、施工图纸和施工人员名单，到物业服务中心办理备案，并签订装修管理协议。
施工时间为周一至周五8:00至12:00、14:00至18:00，双休日和法定节假日请不要进行产生噪声的施工。
请勿拆改承重墙、更改燃气管道或封堵烟道。装修垃圾请装袋堆放在指定地点，卫生间和厨房的防水层做好后请进行24小时蓄水试验。
完工后请预约验收，验收合格即可退还装修保证金。`,
    titleEn: 'Renovating your home',
    bodyEn: `Before work begins, please register it at the service office. Bring your identity card, a copy of your contractor's business licence, the drawings and a list of the workers, and sign the renovation agreement.
Work is allowed from Monday to Friday, 8 AM to noon and 2 PM to 6 PM. Please do no noisy work at weekends or on public holidays.
Do not remove or alter load-bearing walls, move gas pipes or block flues. Bag all rubble and leave it at the marked place. Once the waterproofing in the bathrooms and kitchen is finished, test it under water for twenty-four hours.
When the work is done, make an appointment for an inspection. Your deposit is returned as soon as it is passed.`,
  },
  {
    estate: null,
    topic: 'policy',
    title: '住宅专项维修资金的使用',
    body: `住宅专项维修资金专门用于共用部位、共用设施设备保修期满后的维修、更新和改造，不得挪作他用。
使用维修资金，应当由专有部分面积占比三分之二以上的业主且人数占比三分之二以上的业主参与表决，并经参与表决专有部分面积过半数的业主且参与表决人数过半数的业主同意。
电梯故障、屋面渗漏、外墙脱落等危及安全的紧急情况，可以依法简化程序先行维修。账目每年公布一次，业主可以到物业服务中心查询。`,
    titleEn: 'How the maintenance fund is used',
    bodyEn: `The special maintenance fund pays for the repair, renewal and improvement of shared parts and shared equipment after their warranty has ended. It may not be used for anything else.
To spend it, owners who hold at least two thirds of the floor area and make up at least two thirds of all owners must take part in a vote. More than half of the area and more than half of the people taking part must agree.
In an emergency that endangers safety, such as a broken lift, a leaking roof or a facade coming loose, the law allows repairs to begin by a shorter procedure. The accounts are published once a year, and owners may see them at the service office.`,
  },
  {
    estate: null,
    topic: 'buying_guide',
    title: '购买二手房的步骤',
    body: `第一步，核实房屋产权，到不动产登记中心查询是否有抵押或查封。
第二步，签订买卖合同，并办理网签备案和资金监管。
第三步，申请贷款，缴纳契税等税费，办理不动产权证过户。
第四步，办理交接。请买卖双方一起到物业服务中心，结清物业费、水电费和停车费，登记新业主的联系方式，并更换门禁卡。`,
    titleEn: 'Buying a home from its owner',
    bodyEn: `First, check the title. The real estate registry will tell you whether the home is mortgaged or under a court order.
Second, sign the purchase contract, file it online, and place the money in a supervised account.
Third, apply for your loan, pay the deed tax and the other charges, and have the title transferred.
Last comes the handover. Buyer and seller come to the service office together, settle the property fee, water, electricity and parking, leave the new owner's telephone number, and change the access cards.`,
  },
  {
    estate: null,
    topic: 'daily_life',
    title: '快递、搬家与家政',
    body: `快递柜设在每栋楼大堂旁，包裹保管48小时，大件包裹请凭取件码到物业服务中心领取。
搬家请提前一天预约货梯，使用时间为9:00至18:00，搬出大件物品时请办理放行条。
物业服务中心可以代为预约保洁、家电清洗和开锁，收费标准张贴在大堂公告栏。`,
    titleEn: 'Parcels, moving and home help',
    bodyEn: `Parcel lockers stand beside every lobby and keep your parcels for forty-eight hours. Large ones wait at the service office; please bring the pick-up code.
If you are moving, book the goods lift a day ahead. It may be used from 9 AM to 6 PM. You need an exit slip to take large items out of the estate.
The service office can also book cleaners, appliance cleaning and locksmiths for you. The prices are on the notice board in the lobby.`,
  },
  {
    estate: null,
    topic: 'how_to',
    title: '如何办理停车月卡',
    body: `请业主或租户携带身份证、行驶证，租户另带租赁合同，到物业服务中心办理停车月卡。
地下车位每月300元，地面车位每月150元，按季或按年缴纳。车位已满时请登记排队，有空位时我们会电话通知。
更换车牌请提前一个工作日来电登记，过户或退租请及时办理退卡，余额原路退回。`,
    titleEn: 'Getting a monthly parking pass',
    bodyEn: `Owners and tenants can get a parking pass at the service office. Please bring your identity card and the vehicle licence; tenants also bring their lease.
A space underground costs 300 yuan a month, one above ground 150 yuan, paid by the quarter or by the year. When all spaces are taken, put your name on the list and we will call you when one is free.
To change the number plate, call us one working day ahead. When you sell your home or move out, return the pass, and what is left is paid back to you.`,
  },
  {
    estate: 'JX',
    topic: 'street',
    title: '周边街道与交通',
    body: `锦绣花园地处文三路，步行5分钟可到地铁站，门口有多路公交车停靠。
周边500米内有小学、社区卫生服务站、菜市场和大型超市，1公里内有三甲医院和体育公园。
南门外为单行道，早高峰7:30至9:00请从北门出入。`,
    titleEn: 'The streets around us',
    bodyEn: `Jinxiu Garden is on Wensan Road, five minutes on foot from the underground, and several bus lines stop at the gate.
Within five hundred metres you will find a primary school, a health centre, a food market and a large supermarket. A general hospital and a sports park are less than a kilometre away.
The street outside the south gate is one-way. In the morning rush, from 7:30 to 9, please use the north gate.`,
  },
  {
    estate: null,
    topic: 'service_centre',
    title: '社区服务中心介绍',
    body: `社区服务中心可以办理居住登记、医保缴费、老年优待证、生育登记等事项，地点在小区北门外的社区综合楼二层。
办理时间为周一至周六8:30至12:00、14:00至17:30，请携带身份证原件。
中心还设有阅览室、老年食堂和日间照料室，每月第一个周六上午举办义诊。`,
    titleEn: 'The community service centre',
    bodyEn: `At the community service centre you can register your residence, pay for medical insurance, apply for a senior citizen card or register a birth. It is on the second floor of the community building outside the north gate.
It is open from Monday to Saturday, 8:30 to noon and 2 PM to 5:30 PM. Please bring your original identity card.
The centre also has a reading room, a canteen for older residents and a day-care room. A free clinic is held on the morning of the first Saturday of each month.`,
  },
  {
    estate: null,
    topic: 'rules',
    title: '小区文明公约',
    body: `遛狗请牵绳，及时清理粪便，犬只请依法登记和免疫。
请勿高空抛物，请勿在楼道、消防通道堆放物品或停放电动车，电动车请到集中充电点充电。
请在22:00至次日6:00保持安静。垃圾请分类投放，投放时间为每天6:30至9:00、18:00至20:30。
车辆请按车位停放，小区内限速每小时5公里。`,
    titleEn: 'House rules',
    bodyEn: `Keep your dog on a lead, clean up after it, and have it registered and vaccinated as the law requires.
Never throw anything from a window. Do not leave things or park electric bikes in corridors or on fire routes; charge bikes at the shared charging point only.
Please keep quiet from 10 PM to 6 AM. Sort your rubbish and bring it down between 6:30 and 9 in the morning or 6 and 8:30 in the evening.
Park only in marked spaces, and drive no faster than 5 kilometres an hour on the estate.`,
  },
];
