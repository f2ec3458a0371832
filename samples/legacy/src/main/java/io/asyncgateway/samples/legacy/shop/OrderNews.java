package io.asyncgateway.samples.legacy.shop;

import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** Tells the feed of orders, when they are committed. */
@Component
class OrderNews {
    private final OrderFeed feed;

    OrderNews(OrderFeed feed) {
        this.feed = feed;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void placed(OrderFeed.News news) {
        feed.placed(news);
    }
}
