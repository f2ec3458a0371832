package io.asyncgateway.samples.legacy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.Applications;
import io.asyncgateway.api.Http;
import io.asyncgateway.api.HttpEvent.ResponseStart;
import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.Mount;
import io.asyncgateway.api.Receive;
import io.asyncgateway.api.Scope;
import io.asyncgateway.api.Send;
import io.asyncgateway.blocking.WorkerPool;
import io.asyncgateway.blocking.WorkerPoolOptions;
import io.asyncgateway.samples.legacy.shop.ShopInitializer;
import io.asyncgateway.servlet.ServletApplication;
import java.nio.ByteBuffer;
import reactor.core.publisher.Mono;

/**
 * The whole site: {@code /shop} is the old shop, on threads; {@code /live} the new page, which hears of each order. They share a process and nothing else but
 * {@link io.asyncgateway.samples.legacy.shop.OrderFeed}.
 */
public final class LegacyShop implements Application {
    /** A few more than the database has connections: some are busy with templates. */
    private static final WorkerPoolOptions WORKERS = WorkerPoolOptions.defaults()
            .withName("shop")
            .withThreads(16)
            .withQueue(200)
            .withReuseThreadLocals(true);

    private final Application site;

    /** Nothing is started yet. */
    public LegacyShop() {
        LiveOrders live = new LiveOrders();
        Application shop = ServletApplication.builder()
                .initializer((types, context) -> {
                    context.setInitParameter("shop.live.page", "/../live/");
                    new ShopInitializer(live::announce).onStartup(context);
                })
                .pool(WorkerPool.of(WORKERS))
                .build();
        this.site = Mount.builder()
                .at("/shop", shop)
                .at("/live", live)
                .otherwise(Applications.http(LegacyShop::toTheShop))
                .build();
    }

    private static Mono<Void> toTheShop(HttpScope scope, Receive receive, Send send) {
        if (!scope.localPath().equals("/")) {
            return Http.respond(send, 404, "not found (expected: /shop/ or /live/)\n");
        }
        ResponseStart start = ResponseStart.of(
                302, "location", scope.rootPath() + "/shop/", "content-type", "text/plain; charset=utf-8");
        return Http.respond(send, start, ByteBuffer.wrap("/shop/\n".getBytes(US_ASCII)));
    }

    @Override
    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
        return site.handle(scope, receive, send);
    }
}
