package io.asyncgateway.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** Classes that are not on the tests' class path. */
final class CompiledClass {
    private CompiledClass() {}

    /** Compiles a class into a directory. */
    static Path compile(Path directory, String name, String source) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        directory.toString(),
                        file.toString());
        if (result != 0) {
            throw new IOException(messages.toString());
        }
        return directory.resolve(name + ".class");
    }

    /** An application that answers 200 with its own name. */
    static String application(String name) {
        return """
                import io.asyncgateway.api.*;
                import reactor.core.publisher.Mono;

                public class NAME implements Application {
                    public Mono<Void> handle(Scope scope, Receive receive, Send send) {
                        if (scope instanceof LifespanScope) {
                            return Mono.error(new UnsupportedScopeException(scope));
                        }
                        return send.send(HttpEvent.ResponseStart.of(200))
                                .then(send.send(HttpEvent.ResponseBody.last("NAME")));
                    }
                }
                """.replace("NAME", name);
    }

    /** A web application of the classes, without a descriptor. */
    static Path war(Path war, Path... classes) throws IOException {
        return archive(war, "WEB-INF/classes/", classes);
    }

    static Path jar(Path jar, Path... classes) throws IOException {
        return archive(jar, "", classes);
    }

    private static Path archive(Path jar, String folder, Path... classes) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Path each : classes) {
                out.putNextEntry(new JarEntry(folder + each.getFileName().toString()));
                Files.copy(each, out);
            }
        }
        return jar;
    }
}
