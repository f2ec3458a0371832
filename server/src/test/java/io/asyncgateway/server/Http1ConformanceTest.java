package io.asyncgateway.server;

import io.asyncgateway.api.Application;
import io.asyncgateway.api.testing.ConformanceSettings;
import io.asyncgateway.api.testing.ServerConformance;
import io.asyncgateway.api.testing.ServerUnderTest;

/** The server passes the conformance kit over HTTP/1.1. */
class Http1ConformanceTest extends ServerConformance {
    @Override
    protected ServerUnderTest start(Application application, ConformanceSettings settings) {
        return StartedServer.start(application, StartedServer.configuration(settings));
    }
}
