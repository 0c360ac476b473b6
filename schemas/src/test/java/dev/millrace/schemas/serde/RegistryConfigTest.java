package dev.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {

  @Test
  void bothApisHangBelowTheAddressWithOrWithoutASlash() {
    for (String address : new String[] {"http://registry:8081", "http://registry:8081/"}) {
      RegistryConfig config = RegistryConfig.apicurio(URI.create(address));

      assertThat(config.url()).hasToString("http://registry:8081");
      assertThat(config.confluentUrl()).hasToString("http://registry:8081/apis/ccompat/v7");
    }
  }

  @Test
  void serdesOfBothKindsAreToldWhereTheRegistryIs() {
    assertThat(RegistryConfig.apicurio(URI.create("http://registry:8081")).serdeSettings())
        .containsEntry("apicurio.registry.url", "http://registry:8081/apis/registry/v3")
        .containsEntry("schema.registry.url", "http://registry:8081/apis/ccompat/v7");
  }
}
