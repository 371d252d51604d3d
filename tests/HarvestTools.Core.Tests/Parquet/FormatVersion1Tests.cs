using System.Security.Cryptography;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Parquet;

/// <summary>
/// The bytes of format version 1. A digest that differs means that the encoder now gives other bytes for the same rows:
/// either undo that, or make it a new format version and keep this one derivable. Never put a new digest in its place.
/// </summary>
public class FormatVersion1Tests
{
    public static TheoryData<string, string> Digests => new()
    {
        { "awkward", "43f4c8e9a7a6f03677411a6b8282774fed68f26c340baa59195e10fddaeacd5e" },
        { "random 1", "0e25b544c22942b0e73ac64ddfe2b57068a22b1d3991e00f9883b6ac341d10f1" },
        { "random 2", "d236587d433b2120e87242f6aa9d66b93923811550694c9af4b555807a587e74" },
        { "keypoints", "d6447d0efeba2be394960f8674d3a5d8dc4a4fe44f3bc4ca22cdd7fab6e3a099" },
        { "AllNull", "2521cd9fcf8b493e3d07d39c3caa53cae0d5a64fcd064eef7eac7123baf49d5f" },
        { "OneValue", "ac092ee3c92750675ac333da6c3bd125b84572654dc92252d07204f374d97eff" },
        { "NullsUntilLate", "4b7b671423dbe6f1a1f3ac72edbcada9a07955fb60e57b680384a9b87c43e9e8" },
        { "AllDistinct", "4a01bcacc4ea74566b92b5727d8c02101daf807597111d0e783ed2e0ed95232c" },
        { "DistinctAfterTrial", "4bb7bb39f6bc2d12804e7cb3a871f650a51bbcd8ef15cb13e64e3274a412572f" },
        { "empty keypoints", "63cc0e22751b007861ec9de5220021800d1fed8e6136fa976cbaba49cbd29862" },
        { "empty boxes", "87c2c635dfcde67278c3e4e97b79f29ec1308c6b93be5e927a8f11fb72e589c1" },
        { "empty actions", "5894dbc1ffdf94a67f44fffd335a22ca64a94a929f747cac97f6eae88edb95dd" },
        { "empty rejected", "bbc7bf6ad3806575793ae4364ec29c55b73dded784e5e30529e92ef00b4730cf" },
    };

    [Theory]
    [MemberData(nameof(Digests))]
    public void The_same_rows_give_the_bytes_of_the_first_release(string name, string digest)
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
