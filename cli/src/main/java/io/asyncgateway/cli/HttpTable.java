package io.asyncgateway.cli;

import io.asyncgateway.api.Headers;
import io.asyncgateway.server.HttpOptions;
import java.util.List;
import java.util.function.UnaryOperator;

/** The options of HTTP exchanges. */
final class HttpTable {
    private HttpTable() {}

    static List<Option> options() {
        return List.of(
                Option.of(
                        OptionGroup.HTTP,
                        "root-path",
                        new ValueType<>("PATH", "a path", text -> text, text -> text),
                        launch -> launch.server().http().rootPath(),
                        (launch, value) -> with(launch, http -> http.withRootPath(value)),
                        "Where a proxy that strips the prefix has mounted the application: /prefix."),
                Option.onOff(
                        OptionGroup.HTTP,
                        "server-header",
                        launch -> launch.server().http().serverHeader(),
                        (launch, value) -> with(launch, http -> http.withServerHeader(value)),
                        "Add a Server header to responses without one."),
                Option.onOff(
                        OptionGroup.HTTP,
                        "date-header",
                        launch -> launch.server().http().dateHeader(),
                        (launch, value) -> with(launch, http -> http.withDateHeader(value)),
                        "Add a Date header to responses without one."),
                Option.several(
                        OptionGroup.HTTP,
                        "header",
                        Shape.LINES,
                        Values.HEADER,
                        (launch, values) -> with(launch, http -> http.withHeaders(joined(values))),
                        "A header for every response that does not have it. Repeatable."));
    }

    private static Launch with(Launch launch, UnaryOperator<HttpOptions> change) {
        return launch.withServer(server -> server.withHttp(change.apply(server.http())));
    }

    private static Headers joined(List<Headers> fields) {
        Headers.Builder all = Headers.builder();
        fields.forEach(field -> all.add(field.name(0), field.value(0)));
        return all.build();
    }
}
