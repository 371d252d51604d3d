using HarvestTools.Remotes.S3;
using HarvestTools.Tests.Archive.Stores;
using HarvestTools.Tests.Remotes;

namespace HarvestTools.Tests.Services;

// The same suites over services that others wrote. Without .ci/services/remotes.sh each says that it is skipped, and why.

/// <summary>It has conditions.</summary>
public sealed class RadosGatewayFilesTests() : RemoteFilesConformance(ServiceHarness.OfS3("HARVEST_TEST_RADOSGW", "radosgw"));

public sealed class RadosGatewayStoreTests() : ObjectStoreConformance(new RemoteStoreHarness(ServiceHarness.OfS3("HARVEST_TEST_RADOSGW", "radosgw")));

/// <summary>Parts as large as the smallest that it takes.</summary>
public sealed class RadosGatewayPartsTests() : RemoteFilesConformance(
    ServiceHarness.OfS3("HARVEST_TEST_RADOSGW", "radosgw", new S3Limits { OnePut = 5 << 20, PartBytes = 5 << 20 }));

public sealed class SftpFilesTests() : RemoteFilesConformance(ServiceHarness.OfRclone("HARVEST_TEST_SFTP"))
{
    private protected override bool HasConditions => false;
}

public sealed class SftpStoreTests() : ObjectStoreConformance(new RemoteStoreHarness(ServiceHarness.OfRclone("HARVEST_TEST_SFTP")));

public sealed class WebDavFilesTests() : RemoteFilesConformance(ServiceHarness.OfRclone("HARVEST_TEST_WEBDAV"))
{
    private protected override bool HasConditions => false;
}

public sealed class WebDavStoreTests() : ObjectStoreConformance(new RemoteStoreHarness(ServiceHarness.OfRclone("HARVEST_TEST_WEBDAV")));
