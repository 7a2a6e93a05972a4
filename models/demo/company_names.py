"""Cities, brands, trades and people's names for the demo."""

City = tuple[str, str, str]


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def pairs(text: str) -> tuple[list[str], ...]:
    return tuple(each.split(":") for each in text.split())


# Name, pinyin, and the district code that its registration numbers begin with.
EAST: tuple[City, ...] = (
    ("上海", "shanghai", "310000"),
    ("杭州", "hangzhou", "330100"),
    ("宁波", "ningbo", "330200"),
    ("温州", "wenzhou", "330300"),
    ("嘉兴", "jiaxing", "330400"),
    ("南京", "nanjing", "320100"),
    ("无锡", "wuxi", "320200"),
    ("常州", "changzhou", "320400"),
    ("苏州", "suzhou", "320500"),
    ("合肥", "hefei", "340100"),
    ("济南", "jinan", "370100"),
    ("青岛", "qingdao", "370200"),
)
SOUTH: tuple[City, ...] = (
    ("广州", "guangzhou", "440100"),
    ("深圳", "shenzhen", "440300"),
    ("珠海", "zhuhai", "440400"),
    ("佛山", "foshan", "440600"),
    ("惠州", "huizhou", "441300"),
    ("东莞", "dongguan", "441900"),
    ("中山", "zhongshan", "442000"),
    ("福州", "fuzhou", "350100"),
    ("厦门", "xiamen", "350200"),
    ("泉州", "quanzhou", "350500"),
    ("长沙", "changsha", "430100"),
    ("南宁", "nanning", "450100"),
)
BRANDS = pairs(
    "恒拓:hengtuo 嘉禾田:jiahetian 瑞景:ruijing 博远:boyuan 晨曦达:chenxida 立信诚:lixincheng "
    "宏图源:hongtuyuan 锦程:jincheng 卓凡:zhuofan 明德轩:mingdexuan 海纳川:hainachuan "
    "云帆:yunfan 德盛和:deshenghe 启航星:qihangxing 万嘉:wanjia 泰和昌:taihechang "
    "青禾:qinghe 华冠宇:huaguanyu 新锐达:xinruida 众合力:zhongheli 天工坊:tiangongfang "
    "力诺恒:linuoheng 佳美源:jiameiyuan 安泰康:antaikang 优品汇:youpinhui 同创:tongchuang "
    "雅致居:yazhiju 鼎泰隆:dingtailong 银杏树:yinxingshu 铭洋:mingyang 振邦:zhenbang "
    "沐阳:muyang 科陆:kelu 捷诚:jiecheng 星瀚:xinghan 润泽丰:runzefeng 悦诚:yuecheng "
    "广源通:guangyuantong 三合兴:sanhexing 百川汇:baichuanhui"
)
TRADES = (
    "精密机械有限公司",
    "五金制品有限公司",
    "模具科技有限公司",
    "电子科技有限公司",
    "半导体设备有限公司",
    "自动化设备股份有限公司",
    "新能源材料有限公司",
    "食品有限公司",
    "餐饮管理有限公司",
    "冷链物流有限公司",
    "国际货运代理有限公司",
    "供应链管理有限公司",
    "服饰有限公司",
    "纺织有限责任公司",
    "家具制造有限公司",
    "建筑装饰工程有限公司",
    "建材贸易有限公司",
    "医疗器械有限公司",
    "生物技术股份有限公司",
    "大药房连锁有限公司",
    "环保科技有限公司",
    "印刷包装有限公司",
    "汽车零部件有限公司",
    "宠物用品有限公司",
    "文化传媒有限公司",
    "教育咨询有限公司",
    "酒店管理有限公司",
    "农业发展有限公司",
    "律师事务所",
    "口腔门诊部",
)
SURNAMES = pairs(
    "王:wang 李:li 张:zhang 刘:liu 陈:chen 杨:yang 黄:huang 赵:zhao 周:zhou 吴:wu 徐:xu 孙:sun "
    "胡:hu 朱:zhu 高:gao 林:lin 何:he 郭:guo 马:ma 罗:luo 梁:liang 宋:song 郑:zheng 谢:xie "
    "韩:han 唐:tang 冯:feng 于:yu 董:dong 萧:xiao 程:cheng 曹:cao 袁:yuan 邓:deng 许:xu 沈:shen"
)
GIVEN = words(
    "建平 海燕 志强 丽华 俊 敏 国栋 雪梅 文斌 静怡 浩然 秀兰 立新 晓东 慧 佳琪 永康 淑珍 磊 婷婷 "
    "明辉 雅琴 子轩 玉兰 振华 春生 思远 红霞 德明 欣 伟民 梦洁 家豪 美玲 广志 颖 冬梅 少华 桂芳"
)
