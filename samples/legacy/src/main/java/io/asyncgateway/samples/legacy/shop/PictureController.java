package io.asyncgateway.samples.legacy.shop;

import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Pictures of products, which never change. */
@Controller
class PictureController {
    private static final CacheControl CACHED =
            CacheControl.maxAge(Duration.ofDays(1)).cachePublic();

    private final Catalog catalog;

    PictureController(Catalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/pictures/{product}")
    ResponseEntity<byte[]> picture(@PathVariable("product") long product) {
        Picture picture = catalog.picture(product);
        if (picture == null) {
            return ResponseEntity.notFound().build();
        }
        return ResponseEntity.ok()
                .cacheControl(CACHED)
                .contentType(MediaType.parseMediaType(picture.type().mediaType()))
                .body(picture.bytes());
    }
}
