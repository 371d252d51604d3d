using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;

namespace HarvestTools.Cache;

/// <summary>
/// Names the code of every table, so that a published program has it compiled. The compiler that runs ahead of time does not
/// follow a visitor to the row types, and the runtime would compile some four hundred methods in each process that derives.
/// Nothing calls this; what makes logs holds it against trimming.
/// </summary>
internal static class TableCode
{
    internal static void All(PartRequest request, TableLog[] logs, SegmentStore store, Stream file, EncoderPool pool)
    {
        Of<KeypointRow, KeypointTable>(request, logs, store, file, pool);
        Of<BoxRow, BoxTable>(request, logs, store, file, pool);
        Of<ActionRow, ActionTable>(request, logs, store, file, pool);
        Of<PolygonRow, PolygonTable>(request, logs, store, file, pool);
        Of<ChoiceRow, ChoiceTable>(request, logs, store, file, pool);
        Of<RejectedRow, RejectedTable>(request, logs, store, file, pool);
    }

    private static void Of<TRow, TTable>(PartRequest request, TableLog[] logs, SegmentStore store, Stream file, EncoderPool pool)
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        var rows = new TaskTable<TRow, TTable>();
        var log = new TableLog<TRow, TTable>(store, new EpisodeInterner());
        log.Add(rows);
        log.Complete();
        using var output = new TableOutput<TRow, TTable>(request.Project, file, request.Format, pool);
        output.Accept(new RunEpisode(default, default), default);
        output.Finish();
        RowMerge<TRow, TTable>.Run([log.Rows], store, output, CancellationToken.None);
        PartTables.Merge<TRow, TTable>(request, logs, store, file, pool, CancellationToken.None);
    }
}
