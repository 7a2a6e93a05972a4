"""What leaves for people and machines: alerts, changes of pools, channels, webhooks."""

WORDS = {
    "Alert": "Something that a member should hear, from the history of a customer.",
    "Alert.cursor": "Its position: for `readAlerts`, and for `releaseAlerts` to go on after it.",
    "Alert.kind": "What happened, for the program.",
    "Alert.read": "Whether the member has read up to it, by `readAlerts`.",
    "Alert.customer": "Whom it is about; for AT_RISK the first of them.",
    "Alert.reason": "Which rule or act releases, or released, the customer; null for other kinds.",
    "Alert.at": "When it happened, by the server's clock.",
    "AlertConnection": "A page of alerts, the newest first, and how many are unread.",
    "AlertConnection.unread": "How many are unread in all, on every page.",
    "PoolChange": "A customer that came to a pool, or was taken out of it.",
    "PoolChange.cursor": "Its position: as `after`, the subscription goes on behind it.",
    "PoolChange.kind": "In which direction it went.",
    "PoolChange.customer": "As it is now, with a contact as the viewer may see it.",
    "PoolChange.at": "When it happened, by the server's clock.",
    "Channel.kind": "Which service gets the messages.",
    "Channel.quietTo": "The local time at which sending begins again, e.g. 07:30. Null: no quiet"
    " hours of its own.",
    "Channel.language": "In which its messages are written.",
    "ChannelDelivery.greeting": "True for the message of `testChannel`, which has no alerts.",
    "ChannelDelivery.attempts": "How many times a worker tried to send it.",
    "ChannelDelivery.attemptedAt": "When the last attempt began; null before the first.",
    "ChannelDeliveryConnection": "A page of messages, the newest first.",
    "ChannelInput": "A whole channel: what is left out gets its default, but for `url` and"
    " `secret`.",
    "ChannelInput.id": "Which one to change. Null: make a new one.",
    "ChannelInput.kind": "EMAIL goes to the viewer's own address, and only for a channel of their"
    " own.",
    "ChannelInput.kinds": "Only alerts of these kinds, at least one. Null: all.",
    "ChannelInput.poolIds": "Only alerts of customers in these pools, at least one. Null: all. Only"
    " for a channel of the organization.",
    "ChannelInput.quietFrom": "Local time, e.g. 22:00: nothing is sent from then on. Both or"
    " neither.",
    "ChannelInput.quietTo": "Local time, e.g. 07:30: another than `quietFrom`.",
    "ChannelSaved": "The channel was made or changed.",
    "ChannelSaved.channel": "As it is from now on, without its secrets.",
    "ChannelDeleted": "The channel is gone, with its messages.",
    "ChannelDeleted.id": "The id that the channel had.",
    "ChannelMessage": "A message waits to be sent, at once.",
    "ChannelMessage.delivery": "Read it again by its id to see how it went.",
    "Mutation.saveChannel.channel": "The whole channel, as it is to be.",
    "Mutation.deleteChannel.channelId": "One of the viewer's own; for admins also the"
    " organization's.",
    "Mutation.testChannel.channelId": "One of the viewer's own; for admins also the"
    " organization's.",
    "Mutation.resendChannelDelivery.channelDeliveryId": "A message of a channel that the viewer may"
    " change.",
    "Mutation.readAlerts.upTo": "The cursor of an alert. A cursor before the last one changes"
    " nothing.",
    "Subscription.releaseAlerts.after": "The cursor of the last alert that the client has, or"
    " the `feedCursor` of a page. Null: only what happens from now on.",
    "Subscription.poolChanges.poolId": "A pool that the viewer sees; else an error with the code"
    " NotFound.",
    "Subscription.poolChanges.after": "The cursor of the last change that the client has, or"
    " the `feedCursor` of a page. Null: only what happens from now on.",
    "Webhook.url": "Where the events are posted to.",
    "Webhook.deliveries.failedOnly": "Only those whose last attempt failed, also if they are"
    " retried.",
    "WebhookDelivery.attempts": "How many times a worker posted it.",
    "WebhookDelivery.attemptedAt": "When the last attempt began; null before the first.",
    "WebhookDelivery.event": "What the message is about.",
    "WebhookDeliveryConnection": "A page of deliveries, the newest event first.",
    "WebhookSaved": "The webhook was made or changed.",
    "WebhookSaved.webhook": "As it is from now on.",
    "WebhookDeleted": "The webhook is gone, with its deliveries.",
    "WebhookDeleted.id": "The id that the webhook had.",
    "WebhookPinged.webhook": "Which one was tried.",
    "DeliveryResent": "The delivery waits for an attempt, at once.",
    "DeliveryResent.delivery": "Read it again by its id to see how it went.",
    "Mutation.saveWebhook.url": "https, on port 443 or 8443, at a public address; at most 2,000"
    " characters.",
    "Mutation.saveWebhook.id": "Which one to change. Null: make a new one, of at most ten.",
    "Mutation.saveWebhook.after": "A cursor of the event feed, e.g. `Webhook.cursor`. Null: only"
    " events from now on, or for a known one no change.",
    "Mutation.deleteWebhook.webhookId": "One of the organization's.",
    "Mutation.pingWebhook.webhookId": "One of the organization's.",
    "Mutation.resendDelivery.deliveryId": "From `Webhook.deliveries`.",
}
