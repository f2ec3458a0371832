package io.asyncgateway.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The log of the process, from here to {@link #close()}. */
public final class LogSetup implements AutoCloseable {
    /** The servlet engine, which tells of each of its parts that starts or stops. */
    private static final String ENGINE = "org.eclipse.jetty";

    /** The Redis driver's choice of a transport, which it tells at each connection as a warning. */
    private static final String TRANSPORTS = "io.lettuce.core.resource.Transports";

    /** Chatty at debug, about what a user of the server has no hand in. */
    private static final List<String> CHATTY = List.of("io.netty", "reactor", ENGINE);

    private final LoggerContext context;

    private LogSetup(LoggerContext context) {
        this.context = context;
    }

    /**
     * Sets the log up.
     *
     * @param options how
     * @param err where lines go
     * @param terminal whether that is a terminal with colours
     * @throws IllegalArgumentException if the configuration file is wrong; the message is a line
     */
    public static LogSetup install(LogOptions options, PrintStream err, boolean terminal) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Path file = options.configFile();
        if (file != null) {
            configure(context, file);
            if (options.level() != null) {
                root(context).setLevel(options.level().level());
            }
            return new LogSetup(context);
        }
        Boolean colors = options.colors();
        QueueAppender appender = new QueueAppender(new LineLayout(colors == null ? terminal : colors), err);
        appender.setContext(context);
        appender.setName("standard error");
        appender.start();
        Level level = options.levelOrDefault().level();
        root(context).setLevel(level);
        root(context).addAppender(appender);
        context.getLogger(TRANSPORTS).setLevel(Level.ERROR);
        if (level == Level.INFO) {
            context.getLogger(ENGINE).setLevel(Level.WARN);
        }
        if (level == Level.DEBUG) {
            CHATTY.forEach(name -> context.getLogger(name).setLevel(Level.INFO));
        }
        return new LogSetup(context);
    }

    private static void configure(LoggerContext context, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("log-config: " + file + " (expected: a file that exists)");
        }
        try {
            context.getStatusManager().clear();
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(file.toFile());
        } catch (JoranException e) {
            throw new IllegalArgumentException("log-config: " + file + ": " + e.getMessage(), e);
        }
        for (Status status : context.getStatusManager().getCopyOfStatusList()) {
            if (status.getLevel() == Status.ERROR) {
                throw new IllegalArgumentException("log-config: " + file + ": " + status.getMessage());
            }
        }
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    /** Writes what is queued. Later lines go nowhere. */
    @Override
    public void close() {
        context.reset();
        root(context).setLevel(Level.OFF);
    }
}
