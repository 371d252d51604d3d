using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>Who made which annotation, read from exports; rows know only the annotation.</summary>
internal sealed class AnnotatorIndex(IReadOnlySet<long> wanted)
{
    private readonly Dictionary<long, long> _annotators = [];

    /// <summary>Null where no export that was read holds the annotation, or it names nobody.</summary>
    public long? Of(long annotation) => _annotators.TryGetValue(annotation, out long annotator) ? annotator : null;

    /// <summary>Reads an export once, for the annotations that are wanted; the first export that has one counts.</summary>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public void Read(Stream export, string fileName, int threads, IProgress<long>? progress, CancellationToken cancellation)
    {
        var workers = new List<Worker>();
        ExportPipeline.Run(
            export,
            fileName,
            copyTo: null,
            threads,
            _ =>
            {
                workers.Add(new Worker(wanted));
                return workers[^1];
            },
            progress,
            cancellation);

        // Of an annotation that one file holds twice the lesser annotator counts, whichever worker saw it.
        var found = new Dictionary<long, long>();
        foreach ((long annotation, long annotator) in workers.SelectMany(static worker => worker.Found))
        {
            found[annotation] = found.TryGetValue(annotation, out long other) ? Math.Min(other, annotator) : annotator;
        }

        foreach ((long annotation, long annotator) in found)
        {
            _annotators.TryAdd(annotation, annotator);
        }
    }

    private sealed class Worker(IReadOnlySet<long> wanted) : ITaskWorker
    {
        private readonly TextArena _arena = new();
        private readonly JsonTape _tape = new();

        public List<(long Annotation, long Annotator)> Found { get; } = [];

        public void Process(in RawTask task)
        {
            _arena.Clear();
            _tape.Load(task.Span);
            var reader = new TaskReader(task, _arena, _tape);
            reader.Json.Read();
            while (reader.NextMember(out ReadOnlySpan<byte> key))
            {
                if ((key.SequenceEqual("annotations"u8) || key.SequenceEqual("completions"u8)) && reader.Json.TokenType == JsonTokenType.StartArray)
                {
                    while (reader.NextElement())
                    {
                        ReadAnnotation(ref reader);
                    }
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        private void ReadAnnotation(ref TaskReader reader)
        {
            if (reader.Json.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                return;
            }

            long? id = null;
            long? annotator = null;
            while (reader.NextMember(out ReadOnlySpan<byte> key))
            {
                if (key.SequenceEqual("id"u8))
                {
                    id = reader.IdIfAny();
                }
                else if (key.SequenceEqual("completed_by"u8))
                {
                    annotator = AnnotationParser.ReadAnnotator(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }

            if (id is { } annotation && annotator is { } person && wanted.Contains(annotation))
            {
                Found.Add((annotation, person));
            }
        }
    }
}
