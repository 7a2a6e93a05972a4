"""What the demo's salespeople write down. They sell a warehouse and order management system."""

Note = tuple[str, str]

FIRST: tuple[Note, ...] = (
    ("CALL", "首次电话，{call}说现在用表格管库存，经常对不上账，愿意了解，约好先发资料。"),
    ("CALL", "前台转到采购部，{call}比较客气，让先加微信发产品介绍。"),
    ("CALL", "{call}在开会，只聊了三分钟：有上系统的想法，预算还没定，下周再打。"),
    ("MESSAGE", "加上{call}微信，发了产品手册和两个同行案例，对方回复“先看看”。"),
    ("CALL", "联系上{call}，目前用的是老软件，年底到期，正好在比选。"),
    ("VISIT", "顺路拜访，见到{call}，参观了仓库，大约{n}00平，出入库全靠手写单。"),
    ("OTHER", "展会上换的名片，{call}对扫码入库很感兴趣，已登记需求。"),
)
NEXT: tuple[Note, ...] = (
    ("CALL", "回访{call}，资料看过了，想知道多仓库调拨怎么做，约了线上演示。"),
    ("MEETING", "线上演示四十分钟，对方来了{n}个人，主要问和财务软件怎么对接。"),
    ("VISIT", "上门调研半天，{call}带着走了一遍流程，痛点是盘点和退货。"),
    ("MESSAGE", "微信发了方案初稿，{call}说要跟老板汇报，周五前给答复。"),
    ("CALL", "{call}出差，助理说方案已经转给财务看，后天再联系。"),
    ("MEETING", "和{call}、仓库主管一起过了需求清单，{n}条里有两条要定制。"),
    ("VISIT", "带实施同事去现场看网络和扫码枪，{call}比较满意，要求给正式报价。"),
    ("MESSAGE", "发了按{n}个账号算的报价，对方嫌贵，问能不能分期付。"),
    ("CALL", "{call}说还有一家在谈，对方便宜一成，我们强调了本地实施和售后。"),
    ("OTHER", "寄出样品标签和打印机试用一周，快递已签收。"),
    ("CALL", "试用反馈不错，{call}希望再让五个点，回来申请折扣。"),
    ("MESSAGE", "节前问候，{call}说月底定，提醒我把合同模板先发过去。"),
)
SIGNING: tuple[Note, ...] = (
    ("MEETING", "价格谈拢，{call}当场确认条款，合同寄出等盖章。"),
    ("CALL", "{call}来电说老板已批，首付款走流程，合同明天签。"),
    ("VISIT", "到客户公司签合同，约定下月初进场实施。"),
)
AFTER: tuple[Note, ...] = (
    ("VISIT", "进场实施第一天，基础资料已导入，培训了{n}个仓管。"),
    ("CALL", "回访{call}，系统运行正常，想加一个分仓，记为增购机会。"),
)
GIVEN_BACK = (
    "打了三次都没接通，可能换号了",
    "刚和别家签了一年，短期没有需求",
    "预算被砍，对方说明年再谈",
    "工厂搬到外地了，请当地同事跟进更合适",
    "联系人离职，新负责人暂时不考虑",
)
TITLES = ("总", "经理", "主任", "厂长", "老师")


def note(choice: tuple[Note, ...], turn: int, person: str, number: int) -> Note:
    """The turn's note of those to choose from, about the person."""
    kind, text = choice[turn % len(choice)]
    # The same person keeps their title through all of a customer's notes.
    title = TITLES[sum(map(ord, person)) % len(TITLES)]
    return kind, text.format(call=person[0] + title, n=number)
