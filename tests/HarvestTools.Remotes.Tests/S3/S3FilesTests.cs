using HarvestTools.Remotes.S3;
using HarvestTools.Tests.Archive.Stores;
using HarvestTools.Tests.Remotes;
using HarvestTools.Tests.Server;

namespace HarvestTools.Tests.S3;

public sealed class S3FilesTests() : RemoteFilesConformance(new S3Harness());

public sealed class S3StoreTests() : ObjectStoreConformance(new RemoteStoreHarness(new S3Harness()));

/// <summary>A store that knows neither conditions nor checksums, as many that speak S3.</summary>
public sealed class PlainS3FilesTests() : RemoteFilesConformance(new S3Harness(new S3Server { HasConditions = false, KeepsChecksums = false }))
{
    private protected override bool HasConditions => false;
}

public sealed class PlainS3StoreTests() : ObjectStoreConformance(new RemoteStoreHarness(new S3Harness(new S3Server { RefusesConditions = true, HasConditions = false, KeepsChecksums = false })));

/// <summary>Everything but the smallest files is sent in parts.</summary>
public sealed class S3PartsFilesTests() : RemoteFilesConformance(new S3Harness(limits: new S3Limits { OnePut = 60_000, PartBytes = 60_000 }));

public sealed class S3PartsStoreTests() : ObjectStoreConformance(new RemoteStoreHarness(new S3Harness(limits: new S3Limits { OnePut = 100_000, PartBytes = 100_000 })));
