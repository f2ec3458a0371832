package io.asyncgateway.cli;

import io.asyncgateway.cli.log.AccessLogOptions;
import io.asyncgateway.cli.log.LogOptions;
import io.asyncgateway.server.ServerConfig;
import java.util.function.UnaryOperator;

/**
 * Everything that the options say.
 *
 * @param application what to serve
 * @param binding where to listen
 * @param tls how TLS is spoken, if it is
 * @param server the server's configuration, without its addresses, its TLS and its access log
 * @param workers the threads of a blocking application or a servlet
 * @param log the server's own log
 * @param accessLog the access log
 */
record Launch(
        ApplicationOptions application,
        Binding binding,
        TlsSettings tls,
        ServerConfig server,
        WorkerSettings workers,
        LogOptions log,
        AccessLogOptions accessLog) {
    private static final Launch DEFAULTS = new Launch(
            ApplicationOptions.NONE,
            Binding.NONE,
            TlsSettings.NONE,
            ServerConfig.defaults(),
            WorkerSettings.DEFAULTS,
            LogOptions.DEFAULTS,
            AccessLogOptions.DEFAULTS);

    static Launch defaults() {
        return DEFAULTS;
    }

    Launch withApplication(UnaryOperator<ApplicationOptions> change) {
        return new Launch(change.apply(application), binding, tls, server, workers, log, accessLog);
    }

    Launch withBinding(UnaryOperator<Binding> change) {
        return new Launch(application, change.apply(binding), tls, server, workers, log, accessLog);
    }

    Launch withTls(UnaryOperator<TlsSettings> change) {
        return new Launch(application, binding, change.apply(tls), server, workers, log, accessLog);
    }

    Launch withServer(UnaryOperator<ServerConfig> change) {
        return new Launch(application, binding, tls, change.apply(server), workers, log, accessLog);
    }

    Launch withWorkers(UnaryOperator<WorkerSettings> change) {
        return new Launch(application, binding, tls, server, change.apply(workers), log, accessLog);
    }

    Launch withLog(UnaryOperator<LogOptions> change) {
        return new Launch(application, binding, tls, server, workers, change.apply(log), accessLog);
    }

    Launch withAccessLog(UnaryOperator<AccessLogOptions> change) {
        return new Launch(application, binding, tls, server, workers, log, change.apply(accessLog));
    }
}
