package io.asyncgateway.servlet;

import jakarta.servlet.MultipartConfigElement;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.servlet.SessionHandler;
import org.eclipse.jetty.util.URIUtil;

/** What every context gets, wherever it comes from, where it says nothing of its own. */
final class ContextDefaults {
    private ContextDefaults() {}

    /** Before the context is started. */
    static void before(ServletContextHandler context, String rootPath, ServletOptions options) {
        if (!rootPath.isEmpty()) {
            String own = context.getContextPath();
            context.setContextPath(URIUtil.encodePath(rootPath) + (own.equals("/") ? "" : own));
        }
        errorPages(context, options.errorDetails());
        SessionHandler sessions = context.getSessionHandler();
        if (sessions != null && sessions.getMaxInactiveInterval() <= 0) {
            sessions.setMaxInactiveInterval((int) options.sessionTimeout().toSeconds());
        }
        if (context.getMaxFormContentSize() == ServletContextHandler.DEFAULT_MAX_FORM_CONTENT_SIZE) {
            context.setMaxFormContentSize(options.maxFormSize());
        }
    }

    /** The operator's settings, as init parameters. */
    static void settings(ServletContextHandler context, Map<String, String> settings) {
        settings.forEach((name, value) -> {
            if (context.getInitParameter(name) == null) {
                context.setInitParameter(name, value);
            }
        });
    }

    /** The engine's own handlers show stacks unless they are told not to. */
    private static void errorPages(ServletContextHandler context, boolean details) {
        if (context.getErrorHandler() == null) {
            context.setErrorHandler(new ErrorPages.OfContext());
        }
        if (context.getErrorHandler() instanceof ErrorHandler pages) {
            pages.setShowStacks(details);
            pages.setShowCauses(details);
            pages.setShowOrigin(details);
        }
    }

    /** After it has started, when all its servlets are known. */
    static void after(ServletContextHandler context, ServletOptions options) {
        for (ServletHolder servlet : context.getServletHandler().getServlets()) {
            MultipartConfigElement multipart = servlet.getMultipartConfigElement();
            if (multipart != null) {
                servlet.getRegistration().setMultipartConfig(limited(multipart, options.maxMultipartSize()));
            }
        }
    }

    private static MultipartConfigElement limited(MultipartConfigElement multipart, long limit) {
        return new MultipartConfigElement(
                multipart.getLocation(),
                multipart.getMaxFileSize(),
                multipart.getMaxRequestSize() < 0 ? limit : multipart.getMaxRequestSize(),
                multipart.getFileSizeThreshold());
    }
}
