package io.asyncgateway.blocking;

import io.asyncgateway.api.HttpScope;
import io.asyncgateway.api.RequestTargets;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request over a scope and a stream. */
final class ScopeRequest implements BlockingRequest {
    private final HttpScope scope;
    private final InputStream body;
    private final CloseHooks hooks;
    private @Nullable Map<String, List<String>> query;

    ScopeRequest(HttpScope scope, InputStream body, CloseHooks hooks) {
        this.scope = scope;
        this.body = body;
        this.hooks = hooks;
    }

    @Override
    public HttpScope scope() {
        return scope;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public void onClose(Runnable hook) {
        hooks.add(hook);
    }

    @Override
    public Map<String, List<String>> query() {
        Map<String, List<String>> known = query;
        if (known == null) {
            known = parse(scope.queryString());
            query = known;
        }
        return known;
    }

    /** {@code application/x-www-form-urlencoded}, as the URL standard reads it: nothing is an error. */
    private static Map<String, List<String>> parse(String text) {
        if (text.isEmpty()) {
            return Map.of();
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int from = 0; from <= text.length(); ) {
            int end = text.indexOf('&', from);
            end = end < 0 ? text.length() : end;
            if (end > from) {
                int equals = text.indexOf('=', from);
                boolean named = equals >= 0 && equals < end;
                String name = decode(text.substring(from, named ? equals : end));
                String value = named ? decode(text.substring(equals + 1, end)) : "";
                values.computeIfAbsent(name, any -> new ArrayList<>(1)).add(value);
            }
            from = end + 1;
        }
        return Collections.unmodifiableMap(values);
    }

    private static String decode(String text) {
        return RequestTargets.decode(text.replace('+', ' '));
    }

    @Override
    public String toString() {
        return method() + " " + scope.rawPath();
    }
}
