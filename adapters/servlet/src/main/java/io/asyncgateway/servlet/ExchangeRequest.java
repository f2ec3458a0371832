package io.asyncgateway.servlet;

import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request as the engine's handlers see it, where the channel's own would not do. */
final class ExchangeRequest extends Request.Wrapper {
    private final Exchange exchange;

    ExchangeRequest(Request request, Exchange exchange) {
        super(request);
        this.exchange = exchange;
    }

    Exchange exchange() {
        return exchange;
    }

    @Override
    public void addFailureListener(Consumer<Throwable> listener) {
        exchange.addFailureListener(listener);
    }

    /** With the scope, which costs nothing where nobody asks for it. */
    @Override
    public @Nullable Object getAttribute(String name) {
        return name.equals(ServletApplication.SCOPE_ATTRIBUTE) ? exchange.scope() : super.getAttribute(name);
    }
}
