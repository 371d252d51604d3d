namespace HarvestTools.Cache;

/// <summary>
/// What one table of a part holds of one episode. Two slices hold the same labels of an episode exactly if their
/// digests agree, which is how the retrain state tells new and changed episodes without reading rows.
/// </summary>
/// <param name="Table">The table's name.</param>
/// <param name="TaskSubdir">The episode's task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Rows">Rows of the episode.</param>
/// <param name="CorrectedRows">Rows that a person drew or changed.</param>
/// <param name="Digest">SHA-256 over the episode's rows in canonical form, lower-case hex.</param>
internal sealed record EpisodeFacts(string Table, string TaskSubdir, string Episode, long Rows, long CorrectedRows, string Digest);
