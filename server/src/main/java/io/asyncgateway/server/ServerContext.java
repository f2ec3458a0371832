package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.State;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What all connections of one server share: the application, the configuration, the counts, the signals. Safe for use from any thread. */
final class ServerContext {
    final Application application;
    final ServerConfig config;
    final Signal draining = new Signal();
    final DateClock clock = new DateClock();
    final AlternativeService alternative = new AlternativeService();
    final PerMessageDeflate deflate;
    final Forwarding forwarding;
    final Seldom proxyWarnings = new Seldom();
    final boolean logsAccess;

    private final State state;
    private final AtomicInteger exchanges = new AtomicInteger();
    private final int maxExchanges;
    private final Map<EventLoop, Http1HeadEncoder> encoders = new ConcurrentHashMap<>();
    private final Map<EventLoop, FieldSection> sections = new ConcurrentHashMap<>();
    private final Set<Exchange> detached = ConcurrentHashMap.newKeySet();
    private volatile Runnable idleListener = () -> {};

    ServerContext(Application application, ServerConfig config, State state) {
        this.application = application;
        this.config = config;
        this.state = state;
        this.deflate = new PerMessageDeflate(config.webSocket());
        this.forwarding = new Forwarding(config.proxies());
        this.logsAccess = config.accessLog() != AccessLog.NONE;
        this.maxExchanges = config.limits().concurrentExchanges();
    }

    State requestState() {
        return state.layer();
    }

    /** The encoder of an event loop, to be used on it alone. */
    Http1HeadEncoder encoder(EventLoop loop) {
        return encoders.computeIfAbsent(loop, key -> new Http1HeadEncoder(config.http(), clock, alternative));
    }

    /** What field sections of HTTP/2 and HTTP/3 are decoded into on an event loop, one at a time. */
    FieldSection section(EventLoop loop) {
        Limits limits = config.limits();
        return sections.computeIfAbsent(loop, key -> new FieldSection(limits.headerSection(), limits.headerFields()));
    }

    /** Counts an exchange in, unless there are as many as there may be. Exactly the limit is served. */
    boolean admit() {
        if (exchanges.incrementAndGet() <= maxExchanges) {
            return true;
        }
        exchanges.decrementAndGet();
        return false;
    }

    /** Counts an admitted exchange out. */
    void leave() {
        if (exchanges.decrementAndGet() == 0 && draining.isFired()) {
            idleListener.run();
        }
    }

    int exchanges() {
        return exchanges.get();
    }

    /** Called, while draining, each time the last exchange has left. */
    void onIdle(Runnable listener) {
        idleListener = listener;
    }

    /** Remembers an exchange whose connection no longer knows it but whose application goes on. */
    void detach(Exchange exchange) {
        detached.add(exchange);
    }

    void forget(Exchange exchange) {
        detached.remove(exchange);
    }

    /** Cancels the applications that go on without a connection, for a shutdown that is forced. */
    void cancelDetached() {
        detached.forEach(Exchange::cancelApplication);
    }
}
