package io.asyncgateway.servlet;

import java.nio.file.Path;
import java.util.Objects;
import org.eclipse.jetty.ee11.annotations.AnnotationConfiguration;
import org.eclipse.jetty.ee11.servlet.ServletApiRequest;
import org.eclipse.jetty.ee11.servlet.ServletChannel;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.ee11.servlet.ServletHandler;
import org.eclipse.jetty.ee11.webapp.DefaultsDescriptor;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * A WAR file or an unpacked one. Its classes come from itself first; of ours it sees Java and the Jakarta APIs alone. Needs {@code jetty-ee11-annotations}, so
 * that nothing may refer to this class before a WAR is asked for.
 */
final class WarContext extends WebAppContext {
    /** What may be on the class path of the server, and is none of the application's business: it may bring another version, or count on there being none. */
    private static final String[] HIDDEN = {
        "io.asyncgateway.",
        "io.netty.",
        "reactor.",
        "org.reactivestreams.",
        "org.jspecify.",
        "org.slf4j.",
        "ch.qos.logback.",
        "com.fasterxml.jackson.",
        "org.yaml.snakeyaml.",
        "picocli.",
        "io.lettuce.",
        "org.objectweb.asm."
    };

    /** The timeout that was set before the descriptors were read. */
    private int sessionSeconds;

    /** As a type that is always there, so that the caller can be loaded and verified without the module. */
    static ServletContextHandler of(Path war) {
        // The engine would serve a WAR without it too, and pass over all annotations without a word.
        Objects.requireNonNull(AnnotationConfiguration.class);
        return new WarContext(war);
    }

    private WarContext(Path war) {
        setWar(war.toUri().toString());
        setErrorHandler(new ErrorPages.OfContext());
        setThrowUnavailableOnStartupException(true);
        setConfigurationDiscovered(true);
        getHiddenClassMatcher().add(HIDDEN);
        getSessionHandler().setHttpOnly(true);
    }

    @Override
    protected void startContext() throws Exception {
        sessionSeconds = getSessionHandler().getMaxInactiveInterval();
        super.startContext();
    }

    /** The engine's own descriptor, which stands in for what a WAR does not say, has a timeout of sessions; the options have one too, and come before it. */
    @Override
    protected void startWebapp() throws Exception {
        if (getMetaData().getOriginDescriptor("session.timeout") instanceof DefaultsDescriptor) {
            getSessionHandler().setMaxInactiveInterval(sessionSeconds);
        }
        super.startWebapp();
    }

    @Override
    protected ServletContextRequest newServletContextRequest(
            ServletChannel channel,
            Request request,
            Response response,
            String decodedPathInContext,
            MatchedResource<ServletHandler.MappedServlet> matched) {
        return new ServletContextRequest(
                getContext().getServletContext(),
                channel,
                request,
                response,
                decodedPathInContext,
                matched,
                getSessionHandler()) {
            @Override
            protected ServletApiRequest newServletApiRequest() {
                return ContractRequest.of(this, super.newServletApiRequest());
            }
        };
    }
}
