using System.Security.Cryptography;

namespace HarvestTools.Tests.Parquet;

/// <summary>
/// The bytes of format version 2. A digest that differs means that the encoder now gives other bytes for the same rows:
/// either undo that, or make it a new format version and keep this one derivable. Never put a new digest in its place.
/// </summary>
public class FormatVersion2Tests
{
    public static TheoryData<string, string> Digests => new()
    {
        { "awkward", "31d77f3e3595cd87579b37db3b0db5de95fc4ee3364edfa14d6e692b03119491" },
        { "random 1", "e5dc8e303677c434d0c2aa866ed90d048ca997997e4b054d12bb57584bcdd84d" },
        { "random 2", "16c15f68a81b64c75584f7a1aea0b3a80b3338a7ef1aa8a7987e48b38fb85f8c" },
        { "keypoints", "15fdc6590e5d5c56cd63f4d80984c8bdd0b6d433077b5464b6398adc221f24d3" },
        { "AllNull", "816a7572fa61ecf704b2b5d3599781745018376f59f1c6d069f048b7a64be502" },
        { "OneValue", "d5d8d504d03d4b899076d4b5c803c862f3abb182f3cbdc6177d6584be941255b" },
        { "NullsUntilLate", "2bccbf0c700c61ddbf1d62a644b7c10f0b8d52fe20bbea73ebe3ad2b05f7dd29" },
        { "AllDistinct", "c416e3d17ba4f47db6b7e292a2566239d6d9679de72bd71f605682468322f09b" },
        { "DistinctAfterTrial", "e552994f27e9fee41fac2961aa62d52ab6e13f21789a02b9c6db995fd9a77c77" },
        { "empty keypoints", "363b744e28169847a44520094e30e373255e806b1b8bedb4563b4bb6c2480523" },
        { "empty boxes", "222dfcf7abc390335b1a8057983d035cfd73ba6a395e6ff22b9d1d536ac0d329" },
        { "empty actions", "dae2e0961e5b52b1c97e004a90f7f291c8e6f2373db6262510f940266cad4669" },
        { "empty polygons", "449a5a69310e7bc73c036fe631ad2e3cf806a3689744ba35b091aef35c73adc2" },
        { "empty choices", "c90bf341f5b01697b159f1e5e97f5a339cbad4157d39598c9ffec97528a9255b" },
        { "empty rejected", "3ee54cd61b7df4ac71df7c899d621949e18905d08a5f185da01549db06e658d1" },
    };

    [Theory]
    [MemberData(nameof(Digests))]
    public void The_same_rows_give_the_same_bytes_in_every_release(string name, string digest)
    {
        string actual = Convert.ToHexStringLower(SHA256.HashData(Make(name).Write()));
        Assert.True(digest == actual, $"The bytes of {name} changed: their digest is {actual}.");
    }

    private static TestTable Make(string name) => name switch
    {
        "awkward" => TestTables.Awkward(),
        "random 1" => TestTables.Random(5_000, 1),
        "random 2" => TestTables.Random(40_000, 2),
        "keypoints" => TestTables.Keypoints(ParquetLayout.RowGroupRows + 1000, 1),
        _ when name.StartsWith("empty ", StringComparison.Ordinal) =>
            new TestTable(TableSchemas.All.Single(schema => name == "empty " + schema.Table)),
        _ => TestTables.Shaped(Enum.Parse<TestTables.Case>(name), ParquetLayout.PageRows + 300),
    };
}
