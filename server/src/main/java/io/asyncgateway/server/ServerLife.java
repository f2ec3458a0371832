package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import reactor.core.publisher.Mono;

final class ServerLife {
    private ServerLife() {}

    static Mono<RunningServer> start(Application application, ServerConfig config) {
        return Mono.error(new ServerException("not built yet", null));
    }
}
