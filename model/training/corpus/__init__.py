"""Sentences, speech, sounds, pictures, films and conversations, all made by code from a seed."""
