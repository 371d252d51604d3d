using System.Text;

namespace HarvestTools.Samples;

/// <summary>Writes made tasks in the plan's style.</summary>
internal sealed class TaskWriter
{
    private readonly ExportPlan _plan;
    private readonly long _exportedAt;
    private readonly SampleOutput _output;
    private readonly ExportTemplates _templates;
    private readonly JsonListWriter _lists;
    private readonly ResultWriter _results;
    private SampleTask _task = new();
    private SampleAnnotation _annotation = new();

    public TaskWriter(ExportPlan plan, long exportedAt, SampleOutput output)
    {
        _plan = plan;
        _exportedAt = exportedAt;
        _output = output;
        _templates = new ExportTemplates(plan);
        _lists = new JsonListWriter(_templates.Layout, output);
        _results = new ResultWriter(plan.Kind, _templates, _lists, output);
    }

    public void Open() => _output.Write("["u8);

    public void Write(SampleTask task, bool first)
    {
        _task = task;
        _lists.Separate(first, 1);
        Write(_templates.Task);
    }

    public void Close(bool empty)
    {
        _lists.End(empty, 1);
        _output.Write(Encoding.UTF8.GetBytes(_templates.Layout.End));
    }

    private void Write(JsonTemplate template)
    {
        foreach (JsonTemplate.Part part in template.Parts)
        {
            _output.Write(part.Text);
            if (part.Hole != Hole.None)
            {
                Fill(part.Hole);
            }
        }
    }

    private void Fill(Hole hole)
    {
        if (hole >= Hole.DraftId)
        {
            FillDraft(hole);
        }
        else if (hole >= Hole.PredictionId)
        {
            FillPrediction(hole);
        }
        else if (hole >= Hole.AnnotationId)
        {
            FillAnnotation(hole);
        }
        else
        {
            FillTask(hole);
        }
    }

    private void FillTask(Hole hole)
    {
        switch (hole)
        {
            case Hole.TaskId:
                _output.WriteNumber(_task.Id);
                break;
            case Hole.Annotations:
                WriteAnnotations();
                break;
            case Hole.Drafts:
                WriteList(_task.HasDraft, _templates.Draft);
                break;
            case Hole.Predictions when _plan.Predictions == PredictionForm.Objects:
                WriteList(_task.HasPrediction, _templates.Prediction);
                break;
            case Hole.Predictions:
                WriteNumberList(_task.HasPrediction, _task.PredictionId);
                break;
            case Hole.Data:
                Write(_templates.Data);
                break;
            case Hole.TaskCreatedAt:
                _output.WriteTime(_task.CreatedAt);
                break;
            case Hole.TaskUpdatedAt:
                _output.WriteTime(_task.UpdatedAt);
                break;
            case Hole.InnerId:
                _output.WriteNumber(_task.Index + 1);
                break;
            case Hole.TotalAnnotations:
                _output.WriteNumber(_task.Annotations.Count(static a => !a.WasCancelled));
                break;
            case Hole.CancelledAnnotations:
                _output.WriteNumber(_task.Annotations.Count(static a => a.WasCancelled));
                break;
            case Hole.TotalPredictions:
                _output.WriteNumber(_task.HasPrediction ? 1 : 0);
                break;
            case Hole.Comments:
                _output.WriteNumber(_task.Comments);
                break;
            case Hole.UnresolvedComments:
                _output.WriteNumber(_task.UnresolvedComments);
                break;
            case Hole.LastCommentAt:
                WriteTimeOrNull(_task.LastCommentAt);
                break;
            case Hole.Project:
                _output.WriteNumber(_plan.ProjectId);
                break;
            case Hole.TaskUpdatedBy:
                WriteNumberOrNull(_task.UpdatedBy);
                break;
            case Hole.CommentAuthors:
                WriteNumberList(_task.Comments > 0, _task.CommentAuthor);
                break;
            case Hole.Subdir:
                _output.Write(_task.Subdir);
                break;
            case Hole.Episode:
                _output.WritePadded(_task.Episode, 4);
                break;
            case Hole.FrameName:
                _output.WritePadded(_task.Frame, 6);
                break;
            default:
                _output.WriteNumber(_task.Frame);
                break;
        }
    }

    private void FillAnnotation(Hole hole)
    {
        switch (hole)
        {
            case Hole.AnnotationId:
                _output.WriteNumber(_annotation.Id);
                break;
            case Hole.CompletedBy when _plan.AnnotatorObjects:
                Write(_templates.Annotator);
                break;
            case Hole.CompletedBy or Hole.Annotator:
                _output.WriteNumber(_annotation.Annotator);
                break;
            case Hole.AnnotationResult:
                _results.Write(_task, _annotation.Regions, predicted: false, copied: false);
                break;
            case Hole.WasCancelled:
                _output.Write(_annotation.WasCancelled ? "true"u8 : "false"u8);
                break;
            case Hole.GroundTruth:
                _output.Write(_annotation.GroundTruth ? "true"u8 : "false"u8);
                break;
            case Hole.CreatedAt:
                _output.WriteTime(_annotation.CreatedAt);
                break;
            case Hole.UpdatedAt:
                _output.WriteTime(_annotation.UpdatedAt);
                break;
            case Hole.DraftCreatedAt:
                WriteTimeOrNull(_annotation.DraftCreatedAt);
                break;
            case Hole.LeadTime:
                _output.WriteNumber(_annotation.LeadTime);
                break;
            case Hole.PredictionCopy when _plan.PredictionCopies && _task.HasPrediction:
                Write(_templates.PredictionCopy);
                break;
            case Hole.PredictionCopy:
                _output.Write("{}"u8);
                break;
            case Hole.UniqueId:
                _output.WriteUuid(_annotation.UniqueHigh, _annotation.UniqueLow);
                break;
            default:
                WriteNumberOrNull(_annotation.HasParentPrediction ? _task.PredictionId : 0);
                break;
        }
    }

    private void FillPrediction(Hole hole)
    {
        switch (hole)
        {
            case Hole.PredictionId:
                _output.WriteNumber(_task.PredictionId);
                break;
            case Hole.ModelVersion:
                _output.Write(_task.ModelVersion);
                break;
            case Hole.PredictionResult:
                _results.Write(_task, _task.PredictedRegions, predicted: true, copied: false);
                break;
            case Hole.CopyResult:
                _results.Write(_task, _task.PredictedRegions, predicted: true, copied: true);
                break;
            case Hole.PredictionScore:
                _output.WriteNumber(_task.PredictionScore);
                break;
            case Hole.PredictedAt:
                _output.WriteTime(_task.PredictedAt);
                break;
            case Hole.PredictedAgo:
                _output.WriteAge(_exportedAt - _task.PredictedAt);
                break;
            default:
                _output.WriteAge(_annotation.CreatedAt - _task.PredictedAt);
                break;
        }
    }

    private void FillDraft(Hole hole)
    {
        switch (hole)
        {
            case Hole.DraftId:
                _output.WriteNumber(_task.DraftId);
                break;
            case Hole.DraftUser:
                _output.WriteNumber(_task.DraftUser);
                break;
            case Hole.DraftedAgo:
                _output.WriteAge(_exportedAt - _task.DraftedAt);
                break;
            case Hole.DraftResult:
                _results.Write(_task, _task.DraftRegions, predicted: false, copied: false);
                break;
            case Hole.DraftLeadTime:
                _output.WriteNumber(_task.DraftLeadTime);
                break;
            case Hole.DraftedAt:
                _output.WriteTime(_task.DraftedAt);
                break;
            default:
                WriteNumberOrNull(_task.DraftAnnotation);
                break;
        }
    }

    private void WriteAnnotations()
    {
        _output.Write("["u8);
        for (int i = 0; i < _task.Annotations.Count; i++)
        {
            _annotation = _task.Annotations[i];
            _lists.Separate(i == 0, ExportTemplates.EntryLevel);
            Write(_templates.Annotation);
        }

        _lists.End(_task.Annotations.Count == 0, ExportTemplates.EntryLevel);
    }

    /// <summary>A list with one entry or none.</summary>
    private void WriteList(bool present, JsonTemplate entry)
    {
        _output.Write("["u8);
        if (present)
        {
            _lists.Separate(first: true, ExportTemplates.EntryLevel);
            Write(entry);
        }

        _lists.End(!present, ExportTemplates.EntryLevel);
    }

    private void WriteNumberList(bool present, long number)
    {
        _output.Write("["u8);
        if (present)
        {
            _lists.Separate(first: true, ExportTemplates.EntryLevel);
            _output.WriteNumber(number);
        }

        _lists.End(!present, ExportTemplates.EntryLevel);
    }

    private void WriteNumberOrNull(long number)
    {
        if (number == 0)
        {
            _output.Write("null"u8);
        }
        else
        {
            _output.WriteNumber(number);
        }
    }

    private void WriteTimeOrNull(long micros)
    {
        if (micros == 0)
        {
            _output.Write("null"u8);
            return;
        }

        _output.Write("\""u8);
        _output.WriteTime(micros);
        _output.Write("\""u8);
    }
}
