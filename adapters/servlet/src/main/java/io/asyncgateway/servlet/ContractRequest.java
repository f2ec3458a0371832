package io.asyncgateway.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpUpgradeHandler;
import org.eclipse.jetty.ee11.servlet.ServletApiRequest;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;

/**
 * What a servlet sees in the contexts that are made here, where the engine's own would be wrong.
 *
 * <p>The root path may be longer than it was said to be when the context was started: a proxy has told of a prefix of its own. The engine matches
 * without that prefix; the application sees it in the context path (Servlet 6.1 section 3.5 allows for more than one) and in what is made of it.
 */
final class ContractRequest extends ServletApiRequest {
    private final String prefix;

    private ContractRequest(ServletContextRequest request) {
        super(request);
        this.prefix = request.getConnectionMetaData() instanceof ExchangeMetaData known ? known.prefix() : "";
    }

    /** In place of the engine's plain one. One that the engine has made for reasons of its own stays. */
    static ServletApiRequest of(ServletContextRequest request, ServletApiRequest plain) {
        return plain.getClass() == ServletApiRequest.class ? new ContractRequest(request) : plain;
    }

    @Override
    public String getContextPath() {
        return prefix + super.getContextPath();
    }

    @Override
    public String getRequestURI() {
        return prefix + super.getRequestURI();
    }

    @Override
    public StringBuffer getRequestURL() {
        return new StringBuffer(HttpURI.build(getRequest().getHttpURI())
                .path(getRequestURI())
                .query(null)
                .asString());
    }

    /** Whether they are known, or there can be none (Servlet 6.1, {@code HttpServletRequest.isTrailerFieldsReady}). */
    @Override
    public boolean isTrailerFieldsReady() {
        HttpVersion version = getRequest().getConnectionMetaData().getHttpVersion();
        boolean possible = version.compareTo(HttpVersion.HTTP_2) >= 0
                || version == HttpVersion.HTTP_1_1 && getRequest().getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
        return !possible || getServletRequestInfo().getHttpInput().isFinished();
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass) throws ServletException {
        throw new ServletException(
                "upgrade: " + handlerClass.getName()
                        + " (expected: none; a connection is not a servlet's here, and a WebSocket is a WebSocketScope of another application)");
    }
}
