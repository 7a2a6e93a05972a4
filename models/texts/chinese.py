"""What people read, in Chinese: by its English, with the same facts in its braces."""

CHINESE = {
    # Refusals
    "This customer already has an owner.": "该客户已有负责人。",
    "The private pool is full: {held} held, {capacity} allowed.": (
        "私海已满：已保有 {held} 个，上限 {capacity} 个。"
    ),
    "No more than {limit} claims a day; the next from {resets_at}.": (
        "每天最多领取 {limit} 个客户，{resets_at}起可再领取。"
    ),
    "You held this customer lately; claim it again from {until}.": (
        "您不久前刚保有过该客户，{until}起可再次领取。"
    ),
    "This customer is new to the pool and opens at {opens_at}.": (
        "该客户新进公海，{opens_at}起开放领取。"
    ),
    "Only the owner of this customer may do that.": "只有该客户的负责人可以这样做。",
    "No more than {limit} customers may be locked at a time.": "最多同时锁定 {limit} 个客户。",
    "This customer is already registered: the same {keys}.": "该客户已报备（{keys}相同）。",
    "registration number": "统一社会信用代码",
    "name": "名称",
    "phone": "电话",
    "email": "邮箱",
    "You may not do that.": "您无权这样做。",
    "There is nothing by this id that you may see.": "该编号下没有您可以查看的内容。",
    "{all:,} values are wrong: the first {listed:,} are listed, {more:,} more are not.": (
        "共有 {all:,} 处错误：列出前 {listed:,} 处，另有 {more:,} 处未列出。"
    ),
    "{all:,} values are wrong.": "共有 {all:,} 处错误。",
    "{path}: {problem}": "{path}：{problem}",
    # Who may do what
    "Alerts are for the member alone.": "提醒只有本人可以查看。",
    "Nobody holds this customer: assign it instead.": "该客户没有负责人，请改用分配。",
    "Only administrators of both pools may move customers.": (
        "只有两个公海的管理员都是您时才能移动客户。"
    ),
    "Only administrators of its pool decide on an extension.": "只有所属公海的管理员可以审批延期。",
    "Only administrators of its pool may assign a customer.": "只有所属公海的管理员可以分配客户。",
    "Only administrators of its pool may change a customer that nobody holds.": (
        "无人保有的客户只有所属公海的管理员可以修改。"
    ),
    "Only administrators of its pool may transfer a customer.": (
        "只有所属公海的管理员可以转移客户。"
    ),
    "Only administrators of this pool may do that.": "只有该公海的管理员可以这样做。",
    "Only admins of the organization may do that.": "只有企业管理员可以这样做。",
    "Only admins of the organization see and change its webhooks.": (
        "只有企业管理员可以查看和修改 Webhook。"
    ),
    "Only managers and administrators see a colleague's private pool.": (
        "只有主管和管理员可以查看同事的私海。"
    ),
    "Only managers and admins create pools.": "只有主管和企业管理员可以创建公海。",
    "This customer's pool is not open to you.": "该客户所在的公海未向您开放。",
    "This pool grants no extensions.": "该公海不允许延期。",
    "You have left the organization.": "您已离开该企业。",
    "{name} has left and can't be given customers.": "{name} 已离职，不能接收客户。",
    "Only administrators of its pool may take a release back.": (
        "只有所属公海的管理员可以撤销开放。"
    ),
    "Only administrators of this pool see its extensions.": (
        "只有该公海的管理员可以查看延期申请。"
    ),
    # What is wrong with a value
    "a positive amount below 10^15 with at most four decimal places": (
        "应为小于 10^15 的正数，最多四位小数"
    ),
    "another customer has it already": "已有其他客户使用",
    "another member has this address": "已有其他成员使用该邮箱",
    "another pool has this name": "已有同名公海",
    "another webhook has this address": "已有 Webhook 使用该地址",
    "at most {most} customers at once": "一次最多 {most} 个客户",
    "has an extension that waits to be decided": "已有待审批的延期申请",
    "has more than {most:,} rows": "超过 {most:,} 行",
    "has no deadline that an extension could move": "没有可以延期的期限",
    "has rules already": "该级别已有规则",
    "has {fields} fields where the header has {columns}": "有 {fields} 列，而表头有 {columns} 列",
    "is a working day by itself": "本来就是工作日",
    "is among the holidays as well": "同时也在节假日之中",
    "is empty; its first line must name the columns": "内容为空，第一行应为列名",
    "is longer than every deadline of these rules": "比这些规则的所有期限都长",
    "is named twice": "重复出现",
    "is no column; the columns are {columns}": "不是有效的列名，可用的列名为 {columns}",
    "is no longer open: it was decided, or has lapsed": "已审批或已失效",
    "is not known": "不存在",
    "is not well-formed CSV: {error}": "不是格式正确的 CSV:{error}",
    "is required": "必填",
    "is the organization's last admin: make another one first": (
        "是企业最后一名管理员，请先设置另一名管理员"
    ),
    "is the same as in line {line}": "与第 {line} 行相同",
    "is the same reminder as one before it": "与前面的提醒重复",
    "is the second for the same one": "对同一成员或部门重复设置",
    "must be 0 or more": "必须大于或等于 0",
    "must be 0 or more; leave it out for no limit": "必须大于或等于 0，不填表示不限",
    "must be 1 or more; leave it out for no limit": "必须大于或等于 1，不填表示不限",
    "must be a cursor that the server gave, unchanged": "必须是服务器给出的原样游标",
    "must be a day in a string, e.g. 2026-10-01": "必须是日期字符串，例如 2026-10-01",
    "must be a day of {year}": "必须是 {year} 年的日期",
    "must be a decimal number, e.g. 1280.50": "必须是十进制数，例如 1280.50",
    "must be a phone number, e.g. 13812345678 or 010-12345678": (
        "必须是电话号码，例如 13812345678 或 010-12345678"
    ),
    "must be an ISO 8601 duration in a string, e.g. P7D": ("必须是 ISO 8601 时长字符串，例如 P7D"),
    "must be an ISO 8601 duration of weeks, days, hours, minutes, seconds, e.g. P7D or PT36H": (
        "必须是由周、天、时、分、秒组成的 ISO 8601 时长，例如 P7D 或 PT36H"
    ),
    "must be an ISO 8601 instant with its offset, e.g. 2026-11-23T08:00:00.000000Z": (
        "必须是带时区偏移的 ISO 8601 时刻，例如 2026-11-23T08:00:00.000000Z"
    ),
    "must be an IANA zone, e.g. Asia/Shanghai": "必须是 IANA 时区，例如 Asia/Shanghai",
    "must be an address that begins with {scheme}": "必须是以 {scheme} 开头的地址",
    "must be an email address, e.g. admin@example.com": "必须是邮箱地址，例如 admin@example.com",
    "must be an email address, e.g. li.lei@x.cn": "必须是邮箱地址，例如 li.lei@x.cn",
    "must be an email address, e.g. name@example.com": "必须是邮箱地址，例如 name@example.com",
    "must be from {least} to {most}": "必须在 {least} 到 {most} 之间",
    "must be longer than zero": "必须大于零",
    "must be longer than zero, or left out": "必须大于零，或者不填",
    "must be no longer than P36500D": "不能长于 P36500D",
    "must be no longer than maxHold": "不能长于 maxHold",
    "must be no longer than {longest}": "不能长于 {longest}",
    "must be no longer than {most} characters": "不能超过 {most} 个字符",
    "must be no more than {most}": "不能超过 {most} 个",
    "must be no shorter than firstFollowUpWithin": "不能短于 firstFollowUpWithin",
    "must be one of {roles}": "必须是以下之一：{roles}",
    "must be the endCursor of this list in the same order, unchanged": (
        "必须是同一列表、同一排序下原样的 endCursor"
    ),
    "must have 1 to {most} characters": "长度必须为 1 到 {most} 个字符",
    "must have {least} to {most} characters": "长度必须为 {least} 到 {most} 个字符",
    "must lead to a public address": "必须指向公网地址",
    "must name exactly one of memberId and departmentId": (
        "memberId 和 departmentId 必须且只能填写一个"
    ),
    "must not contain NUL or half characters": "不能含有空字符或不完整的字符",
    "say what happened, in 1 to {most} characters": "请说明跟进情况，1 到 {most} 个字符",
    "say why, in 1 to {most} characters": "请说明原因，1 到 {most} 个字符",
    "several members have this name: say which by id": "有多名成员同名，请用 id 指明",
    "there are {most} webhooks already, which is the most there may be": (
        "已有 {most} 个 Webhook，达到上限"
    ),
    "was used for another request; use a new key for each request": (
        "已用于另一个请求，每个请求请使用新的键"
    ),
    "another department has this name": "已有同名部门",
    "must be above 0 and at most 1000, or left out": ("必须大于 0 且不超过 1000，或者不填"),
    "must be from 1 to 100": "必须在 1 到 100 之间",
    "must be within ten years of `from`": "必须在 `from` 之后十年以内",
    "must not be after `to`": "不能晚于 `to`",
    "name either a customer, or a pool and a version of its rules": (
        "请指明一个客户，或者一个公海及其规则版本"
    ),
    "no customer of this pool was ever signed: give it, e.g. P30D": (
        "该公海还没有签单客户，请填写，例如 P30D"
    ),
    "no visit was ever logged in this pool: give it, e.g. 3": (
        "该公海还没有拜访记录，请填写，例如 3"
    ),
    # Remedies
    "Log a follow-up before then.": "请在此之前记录一次跟进。",
    "Record a signed deal before then.": "请在此之前登记签单。",
    "Record a signed deal before then: signed customers stay. Follow-ups do not move this date.": (
        "请在此之前登记签单，已签单的客户不再开放；跟进不会改变这个日期。"
    ),
    "Neither follow-ups nor deals move this date.": "跟进和签单都不会改变这个日期。",
    "{remedy} You may also ask for an extension.": "{remedy}也可以申请延期。",
    "{remedy} While you lock the customer, it is not released.": "{remedy}锁定期间客户不会被开放。",
    # Alerts
    "{customer} will be released at {at}: no follow-up by then.": (
        "{customer} 将于 {at}开放：届时仍未跟进。"
    ),
    "{customer} will be released at {at}: no deal by then.": (
        "{customer} 将于 {at}开放：届时仍未签单。"
    ),
    "{customer} will be released at {at}: the longest hold ends.": (
        "{customer} 将于 {at}开放：最长保护期届满。"
    ),
    "{customer} was to be released at {at}; as things stand, it is not.": (
        "{customer} 原定于 {at}开放，目前已不会开放。"
    ),
    "{customer} was released: no follow-up in time.": "{customer} 已开放：未及时跟进。",
    "{customer} was released: no deal in time.": "{customer} 已开放：未及时签单。",
    "{customer} was released: the longest hold ended.": "{customer} 已开放：最长保护期届满。",
    "{customer} was given back to the pool.": "{customer} 已退回公海。",
    "{customer} was released: its owner left.": "{customer} 已开放：负责人离职。",
    "{customer} was assigned to you.": "{customer} 已分配给您。",
    "{customer} was transferred to you.": "{customer} 已转移给您。",
    "{customer} was transferred to a colleague.": "{customer} 已转移给同事。",
    "{customer} has an extension: it was approved.": "{customer} 的延期申请已批准。",
    "{customer} has no extension: it was declined.": "{customer} 的延期申请被拒绝。",
    # What went wrong with a delivery
    "there was no answer within {seconds:g} s": "{seconds:g} 秒内没有应答",
    "its address is not a public one": "其地址不是公网地址",
    "it can't be reached: {fault}": "无法连接：{fault}",
    "it is no https:// address": "不是以 https:// 开头的地址",
    "it answered {status}: redirects are not followed": "应答为 {status}：不跟随重定向",
    "it answered {status}": "应答为 {status}",
    "it can't be posted: {fault}": "无法发送：{fault}",
    # Whatever could not be answered
    "This cursor leads nowhere here: read anew, then follow from there.": (
        "该游标在此无效：请重新读取，再从新的位置继续订阅。"
    ),
    "Too far behind: subscribe again with the last cursor as `after`.": (
        "读取过慢：请以最后的游标作为 `after` 重新订阅。"
    ),
    "Something went wrong on our side. Quote the request id {id}.": (
        "服务器出错了。请提供请求编号 {id}。"
    ),
    "Show a valid token of an active member: Authorization: Bearer …": (
        "请出示在职成员的有效令牌：Authorization: Bearer …"
    ),
}
