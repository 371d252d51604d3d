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
        { "keypoints", "1b2c7c064cf9db524e128585cdd1ad51fe8fed4773c90ad7baf5d1554f5108f9" },
        { "AllNull", "816a7572fa61ecf704b2b5d3599781745018376f59f1c6d069f048b7a64be502" },
        { "OneValue", "d5d8d504d03d4b899076d4b5c803c862f3abb182f3cbdc6177d6584be941255b" },
        { "NullsUntilLate", "2bccbf0c700c61ddbf1d62a644b7c10f0b8d52fe20bbea73ebe3ad2b05f7dd29" },
        { "AllDistinct", "c416e3d17ba4f47db6b7e292a2566239d6d9679de72bd71f605682468322f09b" },
        { "DistinctAfterTrial", "e552994f27e9fee41fac2961aa62d52ab6e13f21789a02b9c6db995fd9a77c77" },
        { "empty keypoints", "d5bf41f11840ada227cce5cdb5084a28c38cd0fdc475b26a86406df64b9f696c" },
        { "empty boxes", "789b14f23866ca4ede4264a8051a55a6147130b64f70b4e17b2107dfed96e8b3" },
        { "empty actions", "3bc7d25b24181d431706dc6c3cddab384c70647f0d312057692dc22e7e3eb3d0" },
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
