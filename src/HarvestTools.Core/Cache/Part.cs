using System.Security.Cryptography;
using System.Text;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Tables;

namespace HarvestTools.Cache;

/// <summary>The rows derived from one export under one definition, as files of the cache.</summary>
/// <param name="Key">See <see cref="PartKey"/>.</param>
/// <param name="ExportSha256">The export it was derived from; others with the same labels give the same tables.</param>
/// <param name="Tables">In the order of <see cref="TableCatalog.All"/>.</param>
/// <param name="Tally">What was kept and dropped.</param>
/// <param name="EpisodesIfRead">What each table holds of each episode; null where the reader did not ask for it.</param>
internal sealed record Part(
    string Key, string ExportSha256, IReadOnlyList<PartTable> Tables, Tally Tally, IEnumerable<EpisodeFacts>? EpisodesIfRead)
{
    /// <summary>What each table holds of each episode.</summary>
    public IEnumerable<EpisodeFacts> Episodes =>
        EpisodesIfRead ?? throw new InvalidOperationException("The part was read without its episodes.");

    /// <summary>Says of which rows something is that is kept beside the tables: of their digests.</summary>
    public byte[] Identity => IdentityOf(Tables.Where(static table => table.Rows > 0).Select(static table => $"{table.Table} {table.RowsSha256}"));

    /// <param name="tables">Names with digests of the rows, of tables that have rows, in the order of <see cref="TableCatalog.All"/>.</param>
    public static byte[] IdentityOf(IEnumerable<string> tables) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', tables)));
}

/// <summary>One file of a part.</summary>
/// <param name="Name">In the part's folder.</param>
/// <param name="Path">Full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash.</param>
internal sealed record PartFile(string Name, string Path, long Bytes, string Sha256);
