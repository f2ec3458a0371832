package io.asyncgateway.servlet;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebInitParam;
import jakarta.servlet.annotation.WebServlet;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ServletApiRequest;
import org.eclipse.jetty.ee11.servlet.ServletChannel;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.ee11.servlet.ServletHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** A context with sessions, of servlets that are given as objects, or of what an initializer puts into it. */
final class CodeContext extends ServletContextHandler {
    CodeContext() {
        super(SESSIONS);
        setErrorHandler(new ErrorPages.OfContext());
        getSessionHandler().setHttpOnly(true);
    }

    boolean hasServlets() {
        return getServletHandler().getServlets().length > 0;
    }

    /** Adds a servlet as its own annotations say, where there are no patterns at those, or at everything. */
    void addServlet(Servlet servlet, String... urlPatterns) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        holder.setInitOrder(0); // so that one that can't be initialized is known at the start
        WebServlet declared = servlet.getClass().getAnnotation(WebServlet.class);
        String[] patterns = urlPatterns;
        if (declared != null) {
            if (!declared.name().isEmpty()) {
                holder.setName(declared.name());
            }
            for (WebInitParam parameter : declared.initParams()) {
                holder.setInitParameter(parameter.name(), parameter.value());
            }
            if (patterns.length == 0) {
                patterns = declared.urlPatterns().length > 0 ? declared.urlPatterns() : declared.value();
            }
        }
        MultipartConfig multipart = servlet.getClass().getAnnotation(MultipartConfig.class);
        if (multipart != null) {
            holder.getRegistration().setMultipartConfig(new MultipartConfigElement(multipart));
        }
        for (String pattern : patterns.length == 0 ? List.of("/*") : List.of(patterns)) {
            addServlet(holder, pattern);
        }
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
